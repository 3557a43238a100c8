"""The form of `summarise_events`: what may be filled in, in words and as JSON schema.

The DAG file reads this at every parse, so it imports nothing heavy.
"""

from __future__ import annotations

from typing import Any, Final

from include.eventwire.airflow_tasks.form_fields import FIELDS as FIELDS_OF_A_RUN

FIELDS: Final[dict[str, dict[str, Any]]] = {
    "day": {
        **FIELDS_OF_A_RUN["day"],
        "description": "Day to summarise (UTC), or the first of several. Leave it empty when the "
        "run is triggered for a partition.",
    },
    "last_day": {
        **FIELDS_OF_A_RUN["last_day"],
        "description": "Last of several days. Empty: only one day.",
    },
}
