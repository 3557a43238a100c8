"""Who may see the pages: those logged in to Airflow who may see runs of `code_news`.

Whoever may look at the runs that make the tables may look at what they made. Airflow's
authentication manager decides both, by the cookie of the UI or a token in the header. This is the
only module of the package that imports Airflow.
"""

from __future__ import annotations

from typing import Final

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import requires_access_dag, requires_authenticated
from fastapi import Depends, FastAPI

from include.eventwire.explorer.app import make_app
from include.eventwire.settings import Settings

DAG_ID: Final = "code_news"

GUARDS: Final = (
    Depends(requires_authenticated()),
    Depends(requires_access_dag("GET", DagAccessEntity.RUN, param_dag_id=DAG_ID)),
)


def make_guarded_app() -> FastAPI:
    """Return the app over the lake of the settings, every route of it guarded.

    Raises:
        SettingsError: A variable of the environment cannot be used.
        LakeError: The lake is the address of something else than a bucket.
    """
    return make_app(str(Settings.from_environment().lake), dependencies=GUARDS)
