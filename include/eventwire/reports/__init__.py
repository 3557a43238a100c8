"""The report on a batch: what came in, what was lost, and how that compares with the days before.

It is shown by the explorer, and kept as a file of the lake that needs nothing beside it.
"""
