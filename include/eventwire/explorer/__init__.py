"""Pages over a lake for people who look before they query; shown within Airflow's own pages.

`app` puts the pages together, `access` guards them by Airflow's login and permissions and is the
only module here that imports Airflow. Each page has a module pair: `<page>_queries` (SQL to frozen
dataclasses) and `<page>_page` (routes and templates).
"""
