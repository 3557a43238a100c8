"""What tasks, articles, rows and bytes cost: as recorded on one machine, or as assumed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from include.eventwire.schemas import TABLES

_FOLDER: Final = Path(__file__).resolve().parent
RECORDED: Final = _FOLDER / "recorded.json"
ASSUMED: Final = _FOLDER / "assumed.json"
TABLE_NAMES: Final = tuple(TABLES)


@dataclass(frozen=True, slots=True)
class Costs:
    """Figures by name; a name ends in the figure's unit.

    Attributes:
        figures: All of them.
        about: When and on what machine they were recorded.
        origins: For those that were assumed, where they are from.
        run: How a run through Airflow went: its articles, seconds, and seconds of tasks by step.
    """

    figures: Mapping[str, float]
    about: Mapping[str, object]
    origins: Mapping[str, str]
    run: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        """Return the figure `name`."""
        return self.figures[name]

    def per_article(self, ending: str) -> float:
        """Return the sum over the tables of "<table>_<ending>_per_article"."""
        suffix = f"_{ending}_per_article"
        return sum(self.figures[f"{table}{suffix}"] for table in TABLE_NAMES)

    def on_disk(self) -> Costs:
        """Return the costs of a lake on the worker's own disk, for which nobody waits."""
        store = {"store_request_seconds": 0.0, "store_bytes_per_second": float("inf")}
        return replace(self, figures={**self.figures, **store})

    def multiplied(self, factors: Mapping[str, float]) -> Costs:
        """Return the costs with some figures multiplied."""
        changed = {name: self.figures[name] * factor for name, factor in factors.items()}
        return replace(self, figures={**self.figures, **changed})


def load_costs(recorded: Path = RECORDED, assumed: Path = ASSUMED) -> Costs:
    """Return the recorded figures, those of Airflow, and the assumed ones."""
    measured = read_recorded(recorded)
    stated = json.loads(assumed.read_text(encoding="utf-8"))
    airflow = {
        name: value for name, value in measured["airflow"].items() if isinstance(value, int | float)
    }
    return Costs(
        {
            **{name: value for name, (value, _) in stated.items()},
            **airflow,
            **measured["figures"],
        },
        {**measured["about"], "airflow_database": measured["airflow"]["database"]},
        {name: origin for name, (_, origin) in stated.items()},
        measured["airflow"]["run"],
    )


def read_recorded(path: Path = RECORDED) -> dict[str, Any]:
    """Return what was recorded; nothing when there is no such file yet."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
