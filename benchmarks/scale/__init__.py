"""A plan past one machine: what a day of up to 100 million articles would take, and what breaks.

`record` measures what one article, row and file costs here, `costs` reads that and what had to be
assumed, `workload` turns the articles of a day into the tasks of `code_news`, `simulation` runs
them through a scheduler and slots, and `limits` tells which limit is met first.
"""
