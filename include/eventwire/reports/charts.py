"""Where the bars of a report's drawings stand; a template draws them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from include.eventwire.checks.history import DAYS_OF_HISTORY
from include.eventwire.reports.trailing import DayCounts

WIDTH: Final = 600
HEIGHT: Final = 120
_GAP: Final = 0.2  # of the room of a bar


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a drawing.

    Attributes:
        x: Left side, from 0 to `WIDTH`.
        y: Upper side, from 0 (top) to `HEIGHT`.
        label: What a reader is told when asking for it.
        is_here: Whether it is the batch itself.
    """

    x: float
    y: float
    width: float
    height: float
    label: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class BarChart:
    """A number day by day.

    Attributes:
        bars: One for each day that has a batch; room is left for the others.
        most: The largest number, which is drawn in full height.
        first: The first day that has room.
        last: The last one.
    """

    title: str
    bars: tuple[Bar, ...]
    most: int
    first: date
    last: date


def draw_days(title: str, name: str, days: Sequence[DayCounts]) -> BarChart:
    """Return the drawing of one number of a batch and of the days before.

    Args:
        title: What is drawn.
        name: "articles", "rejects" or "events".
        days: In their order; the last is the batch itself.
    """
    here = days[-1].day
    first = max(days[0].day, here - timedelta(days=DAYS_OF_HISTORY))
    room = WIDTH / ((here - first).days + 1)
    most = max(getattr(day, name) for day in days)
    bars = []
    for day in days:
        number = getattr(day, name)
        height = HEIGHT * number / most if most else 0.0
        bars.append(
            Bar(
                x=round((day.day - first).days * room + room * _GAP / 2, 1),
                y=round(HEIGHT - height, 1),
                width=round(min(room * (1 - _GAP), 40.0), 1),
                height=round(height, 1),
                label=f"{day.day.isoformat()}: {number:,}",
                is_here=day.day == here,
            )
        )
    return BarChart(title, tuple(bars), most, first, here)
