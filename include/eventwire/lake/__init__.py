"""Where and how tables are kept: paths, Parquet, receipts, publishing, on a disk or in a bucket."""
