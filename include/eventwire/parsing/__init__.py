"""From text to tokens, heads and names: spaCy, made fast without changing what it finds."""
