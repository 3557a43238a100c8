"""What a task says in its log: one line at its end, and a line every half minute until then."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

SECONDS_BETWEEN_LINES: Final = 30.0


def tell_counts(counts: Mapping[str, int]) -> str:
    """Return counts in words, in their order: "1,190 articles, 2 rejects"."""
    return ", ".join(f"{count:,} {what}" for what, count in counts.items())


def tell_rejects(reasons: Mapping[str, int]) -> str:
    """Return rejects by reason, the most frequent first: "3 rejects (bad_date 2, empty_text 1)"."""
    told = f"{sum(reasons.values()):,} rejects"
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{reason} {count:,}" for reason, count in ordered)
    return f"{told} ({listed})" if listed else told


def tell_speed(count: int, what: str, seconds: float) -> str:
    """Return how long a task took and how fast it was: "in 3.2 s, 376 records a second".

    Args:
        count: How many were done.
        what: What was counted, in the plural.
        seconds: Time that it took; without any, no speed is told.
    """
    if not seconds:
        return "in no time"
    speed = count / seconds
    return f"in {seconds:,.1f} s, {speed:,.{0 if speed >= 100 else 1}f} {what} a second"


@dataclass(slots=True)
class ProgressLog:
    """Says how far a task is, not more often than every 30 seconds. To be called with counts.

    Attributes:
        say: Where the lines go.
        task: What the task does: "2018-04-24 daily: reading shard 0".
        what: What is counted, in the plural.
        total: How many there are to do; None when that is not known.
        pass_on: Called with each count as well.
        clock: Seconds that only ever grow.
        n_done: How many were done.
    """

    say: Callable[[str], None]
    task: str
    what: str
    total: int | None = None
    pass_on: Callable[[int], None] | None = None
    clock: Callable[[], float] = time.monotonic
    n_done: int = 0
    _started: float = field(init=False)
    _said: float = field(init=False)

    def __post_init__(self) -> None:
        """Start the clock."""
        self._started = self._said = self.clock()

    @property
    def seconds(self) -> float:
        """Seconds since the task began."""
        return self.clock() - self._started

    def __call__(self, count: int) -> None:
        """Note that `count` more are done."""
        self.n_done += count
        if self.pass_on is not None:
            self.pass_on(count)
        if (now := self.clock()) - self._said >= SECONDS_BETWEEN_LINES:
            self._said = now
            of_total = "" if self.total is None else f" of {self.total:,}"
            speed = tell_speed(self.n_done, self.what, now - self._started)
            self.say(f"{self.task}: {self.n_done:,}{of_total} {self.what} so far {speed}")
