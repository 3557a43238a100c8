"""Measurements of speed and quality; `make bench` and `make quality` run them."""
