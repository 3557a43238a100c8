"""Made news for the chaos cases, and the tables that the command line makes of them undisturbed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow.parquet as pq
from pyarrow.fs import LocalFileSystem

from include.eventwire.local_engines.tables import hash_tables
from include.eventwire.settings import PROJECT_ROOT, THREAD_VARIABLES

_SENTENCES = 12
_DAY = "2018-04-24"
_SEED = 6

_TOWNS = (
    "Nairobi Lagos Bogota Lima Manila Jakarta Warsaw Athens Lisbon Cairo Tunis Accra Dakar Hanoi "
    "Quito Oslo Riga Tbilisi Baku Amman"
).split()
_COUNTRIES = (
    "Kenya Nigeria Colombia Peru Indonesia Poland Greece Portugal Egypt Tunisia Ghana Senegal "
    "Vietnam Ecuador Norway Latvia Georgia Azerbaijan Jordan France"
).split()
_NAMES = (
    "Adeyemi Balodis Castro Dlamini Eriksen Fofana Gomes Haddad Ibarra Jansons Kamau Lubis Mbeki "
    "Nowak Okafor Papadakis Quispe Rahman Santos Tran"
).split()
_GOODS = (
    "wheat cement timber copper cotton fish coffee rice salt steel sugar gas wool tea maize"
).split()
_TEMPLATES = (
    "Police in {town} arrested {n} protesters on Monday after a march for higher wages.",
    "The president of {country} accused {other} of breaking the accord on {goods}.",
    "Soldiers from {country} shelled a village near the border with {other}, killing {n} people.",
    "The government of {country} will send {n} tonnes of {goods} to {other}, a minister said.",
    "{name}, who leads the opposition in {country}, called for talks with the government.",
    "Some {n} workers walked out at the port of {town} and blocked the road to the docks.",
    "The parliament of {country} voted to impose sanctions on {other} over its trade in {goods}.",
    "A court in {town} sentenced {name} to {n} months in prison for taking bribes.",
    "The foreign minister of {country} met his counterpart from {other} in {town} on Tuesday.",
    "Gunmen attacked a convoy of {goods} outside {town} and took {n} drivers hostage.",
    "{country} and {other} signed a treaty on {goods} after {n} days of talks.",
    "The central bank of {country} raised its rate, which {name} called a mistake.",
    "Prices of {goods} rose by {n} percent in {town}, traders said.",
    "{name} said the flood near {town} had destroyed {n} houses and a school.",
    "The army of {country} withdrew {n} soldiers from the valley north of {town}.",
    "Hospitals in {town} treated {n} people who had been hurt in clashes with the police.",
    "{country} expelled {n} diplomats of {other} and closed its consulate in {town}.",
    "The mayor of {town} rejected a demand by {name} to release the detained students.",
    "Fishermen in {town} threatened to blockade the harbour unless {country} lowers its levy.",
    "{other} praised {country} for freeing {name} after {n} days in custody.",
)


class UndisturbedRunError(RuntimeError):
    """The command line itself failed, so there is nothing to compare with."""


def make_articles(n_articles: int, *, seed: int = _SEED) -> Iterator[dict[str, str]]:
    """Yield records of invented news, each of about 200 words; the same for the same seed."""
    for number in range(n_articles):
        choices = random.Random(f"{seed} {number}")
        text = " ".join(
            _make_sentence(choices, choices.choice(_TEMPLATES)) for _ in range(_SENTENCES)
        )
        yield {
            "id": f"made-{seed}-{number}",
            "publisher": "made",
            "headline": _make_sentence(choices, choices.choice(_TEMPLATES)),
            "published_at": f"{_DAY}T{number % 24:02}:{number % 60:02}:00Z",
            "language": "en",
            "text": text,
        }


def write_articles(path: Path, articles: Iterable[Mapping[str, object]]) -> None:
    """Write records as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)


class Undisturbed:
    """What the command line makes of each landed file, found once and kept."""

    def __init__(self, landing: Path, folder: Path) -> None:
        """Take files from `landing`; write lakes to the new folder `folder`."""
        self._landing = landing
        self._folder = folder
        self._found: dict[str, dict[str, str]] = {}
        folder.mkdir()

    def hashes(self, name: str) -> dict[str, str]:
        """Return the SHA-256 of each table, by its name, for the file `name` of the landing area.

        Raises:
            UndisturbedRunError: The command line failed.
        """
        if name not in self._found:
            lake = self._lake(name)
            command = ("run", str(self._landing / name), "--lake", str(lake), "--day", _DAY)
            done = call_command_line(*command, variables={"EVENTWIRE_LANDING": str(self._landing)})
            if done.returncode:
                raise UndisturbedRunError(f"{name}:\n{done.stdout}")
            found = hash_tables(LocalFileSystem(), str(lake))
            self._found[name] = {path.split("/")[0]: sha256 for path, sha256 in found.items()}
        return self._found[name]

    def count_articles(self, name: str) -> int:
        """Return how many articles and rejects the tables of `name` have together."""
        self.hashes(name)
        files = [
            file
            for table in ("articles", "rejects")
            for file in (self._lake(name) / table).glob("*/*.parquet")
        ]
        return sum(int(pq.read_metadata(file).num_rows) for file in files)

    def _lake(self, name: str) -> Path:
        return self._folder / name.replace("/", "-")


def call_command_line(
    *arguments: str, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Call `python -m include.eventwire` with more variables; what it says is in `stdout`."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW", "EVENTWIRE", "AWS"))
    }
    return subprocess.run(
        [sys.executable, "-m", "include.eventwire", *arguments],
        cwd=PROJECT_ROOT,
        env={**environment, **dict.fromkeys(THREAD_VARIABLES, "1"), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _make_sentence(choices: random.Random, template: str) -> str:
    country, other = choices.sample(_COUNTRIES, 2)
    return template.format(
        town=choices.choice(_TOWNS),
        country=country,
        other=other,
        name=choices.choice(_NAMES),
        goods=choices.choice(_GOODS),
        n=choices.randint(3, 900),
    )
