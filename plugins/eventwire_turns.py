"""Lets requests that change Airflow's database take turns, where that is SQLite."""

from __future__ import annotations

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

from include.eventwire.local_airflow.writes_in_turn import WritesInTurn

_IS_SQLITE = conf.get("database", "sql_alchemy_conn", fallback="").startswith("sqlite")


class EventwireTurns(AirflowPlugin):
    """Nothing where the database has several writers."""

    name = "eventwire_turns"
    fastapi_root_middlewares = (
        [{"middleware": WritesInTurn, "name": "Writes in turn"}] if _IS_SQLITE else []
    )
