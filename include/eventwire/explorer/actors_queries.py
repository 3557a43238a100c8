"""Who acts on whom: events counted by pairs of countries, and one actor's days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from include.eventwire.codebook import QUAD_CLASSES
from include.eventwire.explorer.filters import FilterError, Selection
from include.eventwire.explorer.lake_reading import Connection

# What is drawn; the table has more.
MATRIX_COUNTRIES: Final = 20
NETWORK_PAIRS: Final = 60
TABLE_PAIRS: Final = 200
# Stands for all countries that have no row of their own; no country has such a code.
REST: Final = "other"
# What the cells of the matrix tell.
SHOWN: Final = ("events", "score")
# More days than these are shown by weeks.
MOST_SINGLE_DAYS: Final = 92

_WHO: Final = re.compile(r"[A-Z]{3}(\.[A-Z]{3})?")
# The countries of one side, each once: "CHN.GOV|RUS.MIL|CHN" is China and Russia.
_COUNTRIES: Final = (
    "list_filter(list_distinct(list_transform(string_split(coalesce({column}, ''), '|'), "
    "code -> string_split(code, '.')[1])), code -> code != '')"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """What one country, or kind of body, did to another.

    Attributes:
        actor: Code of who acts.
        recipient: Code of on whom; the same for what happens within a country.
        n_events: Events with both among their parties.
        mean_score: Mean PLOVER score of these, -10 to 10; None where none has one.
    """

    actor: str
    recipient: str
    n_events: int
    mean_score: float | None


@dataclass(frozen=True, slots=True)
class Period:
    """A day or week of one actor.

    Attributes:
        begins: The day, or the Monday of the week.
        quad_classes: Events of each quad class, in the order of `QUAD_CLASSES`.
        n_as_actor: Events in which it acts.
        n_as_recipient: Events in which it is acted on.
        mean_score: Mean PLOVER score of all of them.
    """

    begins: date
    quad_classes: tuple[int, ...]
    n_as_actor: int
    n_as_recipient: int
    mean_score: float | None


def count_pairs(connection: Connection, selection: Selection) -> list[Pair]:
    """Return all pairs of countries among the chosen events, those with most events first.

    An event with two actors and three recipients counts for each of their pairs; one of which a
    side is not known counts for none.
    """
    actors = _COUNTRIES.format(column="actor_codes")
    recipients = _COUNTRIES.format(column="recipient_codes")
    # A million events have some thousand sets of codes: those are taken apart, not the events.
    rows = connection.execute(
        f"WITH sets AS (SELECT {actors} AS actors, {recipients} AS recipients, count(*) AS n, "  # noqa: S608 - names are ours, values parameters
        "sum(plover_score) AS total, count(plover_score) AS n_scored FROM "
        f"({selection.sql}) GROUP BY actor_codes, recipient_codes), "
        "acting AS (SELECT *, unnest(actors) AS actor FROM sets), "
        "met AS (SELECT *, unnest(recipients) AS recipient FROM acting) "
        "SELECT actor, recipient, sum(n)::BIGINT, sum(total) / nullif(sum(n_scored), 0) FROM met "
        "GROUP BY actor, recipient ORDER BY 3 DESC, 1, 2",
        selection.values,
    ).fetchall()
    return [Pair(*row) for row in rows]


def read_timeline(
    connection: Connection, selection: Selection, who: str, *, by_week: bool
) -> list[Period]:
    """Return the days, or weeks, that have an event of `who`, in order.

    Args:
        connection: Has the views that the selection needs.
        selection: The chosen events.
        who: A country ("USA"), or a sector of it ("USA.GOV").
        by_week: Whether days are put together, Monday to Sunday.
    """
    ends = r"(\||$)" if "." in who else r"(\.|\||$)"
    counts = ", ".join(f"count(*) FILTER (quad_class = $q{n})" for n in range(len(QUAD_CLASSES)))
    period = "date_trunc('week', dt)::DATE" if by_week else "dt"
    rows = connection.execute(
        f"SELECT {period} AS begins, {counts}, count(*) FILTER (acts), count(*) FILTER (suffers), "  # noqa: S608 - names are ours, values parameters
        "avg(plover_score) FROM (SELECT dt, quad_class, plover_score, "
        "regexp_matches(coalesce(actor_codes, ''), $who) AS acts, "
        "regexp_matches(coalesce(recipient_codes, ''), $who) AS suffers "
        f"FROM ({selection.sql})) WHERE acts OR suffers GROUP BY begins ORDER BY begins",
        {
            **selection.values,
            "who": rf"(^|\|){re.escape(who)}{ends}",
            **{f"q{number}": name for number, name in enumerate(QUAD_CLASSES)},
        },
    ).fetchall()
    n = len(QUAD_CLASSES)
    return [Period(row[0], tuple(row[1 : 1 + n]), *row[1 + n :]) for row in rows]


def choose_countries(pairs: Sequence[Pair], most: int = MATRIX_COUNTRIES) -> list[str]:
    """Return the codes that take part in most events, those with most first."""
    totals: dict[str, int] = {}
    for pair in pairs:
        for code in {pair.actor, pair.recipient}:
            totals[code] = totals.get(code, 0) + pair.n_events
    return sorted(totals, key=lambda code: (-totals[code], code))[:most]


def sum_rest(pairs: Sequence[Pair], codes: Sequence[str]) -> list[Pair]:
    """Return the pairs with all countries but `codes` put together as `REST`."""
    named = set(codes)
    together: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        ends = tuple(code if code in named else REST for code in (pair.actor, pair.recipient))
        together.setdefault((ends[0], ends[1]), []).append(pair)
    return [
        Pair(actor, recipient, sum(pair.n_events for pair in parts), mean_score(parts))
        for (actor, recipient), parts in together.items()
    ]


def mean_score(pairs: Sequence[Pair]) -> float | None:
    """Return the mean score of the events of all pairs; None where none has one."""
    scored = [(pair.mean_score, pair.n_events) for pair in pairs if pair.mean_score is not None]
    total = sum(n for _, n in scored)
    return sum(score * n for score, n in scored) / total if total else None


def read_shown(written: str) -> str:
    """Return what the cells of the matrix are to tell, of `SHOWN`.

    Raises:
        FilterError: They cannot tell that.
    """
    shown = written or SHOWN[0]
    if shown not in SHOWN:
        raise FilterError(f"cells={written[:40]!r} must be {' or '.join(SHOWN)}")
    return shown


def read_who(written: str) -> str | None:
    """Return the actor that an address names; None for none.

    Raises:
        FilterError: It is no code of an actor.
    """
    if not written.strip():
        return None
    who = written.strip().upper()
    if not _WHO.fullmatch(who):
        raise FilterError(
            f"who={written[:40]!r} must be a country or one of its sectors: FRA, FRA.MIL"
        )
    return who
