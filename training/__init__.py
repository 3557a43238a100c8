"""Training of the confidence model: build time only, not used by a run."""
