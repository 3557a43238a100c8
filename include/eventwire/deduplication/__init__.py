"""Which articles are copies of others. Nothing is dropped but the very same record.

`signatures` makes what texts are compared by, `earlier_batches` says what a batch is compared with,
`earlier_copies` finds what stood in the lake before, `clusters` decides which article of a batch
stands for which, and `marking` writes it into the rows.
"""
