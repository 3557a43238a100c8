"""What Airflow tasks import: the package `eventwire`, its resources and its configuration."""
