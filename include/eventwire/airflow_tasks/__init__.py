"""What the tasks of DAGs share: forms, defaults, labels and logs."""
