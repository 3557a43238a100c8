"""Custom components of the spaCy pipeline, one a module."""
