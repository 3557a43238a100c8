"""The form of `recode_news`: what may be filled in, in words and as JSON schema.

The DAG file reads this at every parse, so it imports nothing heavy. What only the whole form can
tell is checked by `recode_form.py`.
"""

from __future__ import annotations

from typing import Any, Final

from include.eventwire.airflow_tasks.form_fields import FIELDS as FIELDS_OF_A_RUN

FIELDS: Final[dict[str, dict[str, Any]]] = {
    "day": {
        **FIELDS_OF_A_RUN["day"],
        "description": "Day whose batches are coded again (UTC), or the first of several. Leave it "
        "empty when the run is triggered for a partition.",
    },
    "last_day": {
        **FIELDS_OF_A_RUN["last_day"],
        "description": "Last of several days. Empty: only one day.",
    },
    "batch": {
        "type": ["null", "string"],
        "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
        "title": "Batch",
        "description": "Name of the batch, such as daily. Empty: all batches of each day.",
    },
    "model": FIELDS_OF_A_RUN["model"],
    "force": {
        "type": ["null", "boolean"],
        "title": "Force",
        "description": "Code batches again that the current versions have coded already.",
    },
}
