"""Eventwire: news text in; who did what to whom, where and when out, as Parquet.

Every stage is a plain function here, usable without Airflow. Start reading at `jobs/` (one
function per task) or `coding/` (how a sentence becomes an event).
"""

__version__ = "0.1.0"
