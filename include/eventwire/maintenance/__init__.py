"""The upkeep of a lake: what a kill left is finished or swept, batches of a day are put together.

And what is to be forgotten is forgotten, everywhere. `jobs` holds what tasks and commands call.
"""
