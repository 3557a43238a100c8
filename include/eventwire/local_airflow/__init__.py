"""Airflow on one machine, kept within the checkout: started, used and stopped by `make`.

An installation that has an Airflow of its own (Astronomer, Kubernetes, Celery) needs none of this.
"""
