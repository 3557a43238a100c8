"""What the world is told of a batch: logs, metrics, lineage, alerts."""
