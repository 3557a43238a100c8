"""Measures `resolve_actor` on phrases whose codes are known.

    python -m benchmarks.actor_codes [--evaluation FOLDER] [--misses]

Two sets, both outside the project; where one is absent it is skipped, saying so:

- `actors/ngec_actor_resolution.jsonl`: phrases with country and role. Its codes are read by this
  project's conventions: EUR and UNO are IGO, SOC is NGO, HLH is MED, a partly recognised state
  acts through its government (PRE is GOV), farm workers are LAB, UNK and JNK mean that no sector
  may be given. An empty sector beside a country is not scored: the set leaves states without one.
- `events/*.jsonl`: the parties of coded events, by their text alone. Where the country comes from
  the article and not from the phrase, none can be told: "told" is the share that got an answer.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from include.eventwire.gazetteer.actor_codes import ActorCode, resolve_actor

EVALUATION = Path(__file__).parents[2] / "shared" / "eval"
# The undated phrases are from tests written in the autumn of 2022 that took the day they ran.
NGEC_DAY = date(2022, 11, 1)
COUNTRIES = {"EUR": "IGO", "UNO": "IGO", "": None}
SECTORS = {"SOC": "NGO", "HLH": "MED", "PRE": "GOV", "AGR": "LAB", "UNK": None, "JNK": None}


@dataclass(frozen=True)
class Case:
    """A phrase with its codes; `scored` names those that are known ("country", "sector")."""

    phrase: str
    day: date
    country: str | None
    sector: str | None
    scored: frozenset[str]


def read_ngec(path: Path) -> Iterator[Case]:
    """Yield the phrases of NGEC's tests that have a country or a role."""
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        row = json.loads(line)
        expected = row["expected"][0]
        scored = {
            name for name, key in (("country", "country"), ("sector", "code_1")) if key in expected
        }
        country, sector = expected.get("country"), expected.get("code_1")
        if country and sector == "":
            scored.discard("sector")
        if sector in {"COL"}:  # one row has its two codes the wrong way round
            country, sector = sector, country
        if scored:
            day = date.fromisoformat(row["date"]) if row["date"] else NGEC_DAY
            yield Case(
                row["text"],
                day,
                COUNTRIES.get(country, country),
                SECTORS.get(sector, sector) or None,
                frozenset(scored),
            )


def read_parties(path: Path) -> Iterator[Case]:
    """Yield each party of coded events once, with the day of its article."""
    seen = set()
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        row = json.loads(line)
        day = date.fromisoformat(row["published"][:10])
        for event in row["events"]:
            for party in [*event["actors"], *event["recipients"]]:
                case = Case(
                    party["text"],
                    day,
                    party["country"],
                    party["sector"],
                    frozenset({"country", "sector"}),
                )
                if case not in seen:
                    seen.add(case)
                    yield case


def report(name: str, cases: list[Case], *, misses: bool) -> None:
    """Print the shares that are right, and with `misses` each phrase that is wrong."""
    started = time.perf_counter()
    codes = [resolve_actor(case.phrase, case.day) for case in cases]
    cost = (time.perf_counter() - started) / len(cases) * 1e6
    rows = list(zip(cases, codes, strict=True))
    print(f"{name}: {len(cases)} phrases, {cost:.0f} microseconds each")
    for field in ("country", "sector"):
        scored = [(case, code) for case, code in rows if field in case.scored]
        right = sum(_is_right(field, case, code) for case, code in scored)
        told = [(case, code) for case, code in scored if getattr(code, f"{field}_code")]
        sure = sum(_is_right(field, case, code) for case, code in told)
        print(
            f"  {field}: {right / len(scored):.3f} of {len(scored)}; "
            f"told {len(told) / len(scored):.3f}, right when told {sure / len(told):.3f}"
        )
    both = [all(_is_right(field, case, code) for field in case.scored) for case, code in rows
            if len(case.scored) == 2]  # fmt: skip
    print(f"  both: {sum(both) / len(both):.3f} of {len(both)}")
    if misses:
        for case, code in rows:
            if not all(_is_right(field, case, code) for field in case.scored):
                print(
                    f"    {case.phrase} ({case.day}): {case.country}.{case.sector}, "
                    f"got {code.country_code}.{code.sector_code} "
                    f"[{code.country_by} | {code.sector_by}]"
                )


def score(cases: list[Case]) -> dict[str, float]:
    """Return the share of phrases whose "country", "sector" and "both" are right."""
    rows = [(case, resolve_actor(case.phrase, case.day)) for case in cases]
    shares = {}
    for name, fields in (
        ("country", {"country"}),
        ("sector", {"sector"}),
        ("both", {"country", "sector"}),
    ):
        scored = [(case, code) for case, code in rows if fields <= case.scored]
        right = [all(_is_right(field, *row) for field in fields) for row in scored]
        shares[name] = sum(right) / len(right)
    return shares


def _is_right(field: str, case: Case, code: ActorCode) -> bool:
    return bool(getattr(code, f"{field}_code") == getattr(case, field))


def main() -> None:
    """Measure on every set that is there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--evaluation", type=Path, default=EVALUATION, help="folder of the sets")
    parser.add_argument("--misses", action="store_true", help="print the phrases that are wrong")
    options = parser.parse_args()
    readers = {
        "actors/ngec_actor_resolution.jsonl": read_ngec,
        "events/dev.jsonl": read_parties,
        "events/train.jsonl": read_parties,
    }
    resolve_actor("Russia")  # loads the gazetteer
    for name, read in readers.items():
        path = options.evaluation / name
        if path.exists():
            report(name, list(read(path)), misses=options.misses)
        else:
            print(f"{name}: skipped, {path} is not there")


if __name__ == "__main__":
    main()
