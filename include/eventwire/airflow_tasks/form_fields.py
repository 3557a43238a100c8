"""The form of `code_news`: what may be filled in, in words and as JSON schema.

Airflow refuses a value that its schema does not allow; what only the whole form can tell is checked
by `run_form.py`. The DAG file reads this at every parse, so it imports nothing.
"""

from __future__ import annotations

from typing import Any, Final

# Every field may stay empty, which is null: an empty text would disable the button of the form.
FIELDS: Final[dict[str, dict[str, Any]]] = {
    "day": {
        "type": ["null", "string"],
        "format": "date",
        "title": "Day",
        "description": "Day of the batch (UTC), or the first of several. Leave it empty when the "
        "run is triggered for a partition.",
    },
    "last_day": {
        "type": ["null", "string"],
        "format": "date",
        "title": "Last day",
        "description": "Last of several days, each of which becomes a batch. Empty: only one day.",
    },
    "input": {
        "type": ["null", "string"],
        "minLength": 1,
        "maxLength": 1000,
        "title": "Input",
        "description": "File, folder or pattern (*.jsonl) to read instead of the day's landing "
        "folders: relative to the landing area, or a full path under an allowed folder.",
    },
    "format": {
        "type": ["null", "string"],
        "enum": [
            *(None, "agency_xml", "anpa", "ap_media", "csv", "email", "feed", "html", "iptc7901"),
            *("json_feed", "json_records", "jsonl", "mbox", "newsml_1", "newsml_g2", "ninjs"),
            *("nitf", "parquet", "plain_text", "sitemap", "tar", "warc", "zip"),
        ],
        "values_display": {"null": "by the name and the beginning of each file"},
        "title": "Format",
        "description": "Format of the files; see docs/add_a_source.md.",
    },
    "publisher": {
        "type": ["null", "string"],
        "pattern": "^[a-z0-9][a-z0-9_.-]{0,63}$",
        "title": "Publisher",
        "description": "Short code of the publisher of articles that name none, such as xinhua.",
    },
    "limit": {
        "type": ["null", "integer"],
        "minimum": 1,
        "title": "Limit",
        "description": "Read at most so many records of each day: for a trial. Empty: all.",
    },
    "model": {
        "type": ["null", "string"],
        "pattern": "^[a-z]{2,3}_[a-z0-9_]{1,60}$",
        "title": "Model",
        "description": "Installed spaCy pipeline, such as en_core_web_sm. Empty: the usual one.",
    },
}
