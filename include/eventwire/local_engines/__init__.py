"""The same DAG on real engines, side by side: `make engines`.

Starts PostgreSQL, Redis and an S3 server on this machine for the time of the comparison, runs
`code_news` through Airflow's scheduler on each engine, compares the tables byte by byte, and stops
everything. Nothing else in the project needs this package.
"""
