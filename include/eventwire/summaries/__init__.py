"""What a day of events comes to: pairs of actors, events across reports, stories, sources.

The tables are made from those of the batches and hold nothing that could not be made again. What
they mean, and how they are made, is told in docs/analytics.md. `jobs` holds what the tasks of
`summarise_events` and the command `summarise` call.
"""
