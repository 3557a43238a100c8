"""Checks a staged batch by SQL before it is published: errors stop it, warnings are noted."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import duckdb
import pyarrow as pa

from include.eventwire.checks.audit_checks import CHECKS, WINDOWS_SQL, Check, Severity
from include.eventwire.codebook import REALIS, SUPRANATIONAL_CODES, load_codebook
from include.eventwire.lake.locations import connect_duckdb
from include.eventwire.lake.parquet_files import exact_pattern
from include.eventwire.schemas import REJECT_REASONS, REJECT_STAGES, WARNINGS
from include.eventwire.versions import RESOURCES

_MOST_EXAMPLES: Final = 5
# Beyond this the database works from its temporary folder.
_MEMORY_LIMIT: Final = "2GB"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found.

    Attributes:
        name: Name of the check.
        severity: "error" or "warning".
        passed: Whether the rule holds.
        rule: What must hold, in words.
        n_rows: How many rows break the rule.
        examples: The first of them, in a fixed order, each with its columns as text.
    """

    name: str
    severity: Severity
    passed: bool
    rule: str
    n_rows: int = 0
    examples: tuple[Mapping[str, str | None], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the result as values that JSON has."""
        return {
            "name": self.name,
            "severity": self.severity,
            "passed": self.passed,
            "rule": self.rule,
            "n_rows": self.n_rows,
            "examples": [dict(example) for example in self.examples],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CheckResult:
        """Return the result that `to_json` gave."""
        return cls(**{**data, "examples": tuple(data["examples"])})

    def describe(self) -> str:
        """Return the result for a person: the rule, and the examples one per line."""
        rows = "row breaks" if self.n_rows == 1 else "rows break"
        lines = [f"{self.name}: {self.n_rows:,} {rows} the rule that {self.rule}"]
        lines += [
            "  " + ", ".join(f"{name}={value!r}" for name, value in example.items())
            for example in self.examples
        ]
        return "\n".join(lines)


class AuditError(ValueError):
    """A batch breaks rules and must not be published; the message shows each with examples.

    Attributes:
        failed: Results of the checks that failed.
    """

    def __init__(self, failed: Sequence[CheckResult]) -> None:
        """Make the error of the checks that failed."""
        self.failed = tuple(failed)
        shown = "\n".join(result.describe() for result in failed)
        super().__init__(f"the audit failed, nothing was published\n{shown}")


def audit_tables(
    tables: Mapping[str, Path], n_records_in: int, earlier_clusters: Iterable[str] = ()
) -> list[CheckResult]:
    """Return the results of all checks, of which only warnings may have failed.

    Args:
        tables: File of each table, on this machine.
        n_records_in: Number of records that the readers met.
        earlier_clusters: Clusters of earlier days that copies among the articles belong to.

    Raises:
        AuditError: At least one check of severity "error" failed.
    """
    with _connect() as connection:
        _load_tables(connection, tables)
        _load(connection, n_records_in)
        _load_clusters(connection, earlier_clusters)
        return _run_all(connection, CHECKS)


def audit_summaries(tables: Mapping[str, Path], checks: Sequence[Check]) -> list[CheckResult]:
    """Return the results of the checks of a day's summary.

    Args:
        tables: File of each table of summaries, on this machine.
        checks: `summaries.checks.SUMMARY_CHECKS`.

    Raises:
        AuditError: At least one check of severity "error" failed.
    """
    with _connect() as connection:
        _load_tables(connection, tables)
        return _run_all(connection, checks)


def _run_all(connection: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> list[CheckResult]:
    results = [_run(connection, check) for check in checks]
    failed = [result for result in results if result.severity == "error" and not result.passed]
    if failed:
        raise AuditError(failed)
    return results


@contextmanager
def _connect() -> Iterator[duckdb.DuckDBPyConnection]:
    with TemporaryDirectory(prefix="eventwire-audit-") as folder:
        connection = connect_duckdb(memory_limit=_MEMORY_LIMIT, temp_directory=folder)
        with connection:
            yield connection


def _load_tables(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Path]) -> None:
    for name, path in tables.items():
        connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{_quote(path)}')")


def _load(connection: duckdb.DuckDBPyConnection, n_records_in: int) -> None:
    connection.execute(f"CREATE TABLE windows AS {WINDOWS_SQL}")
    connection.execute("CREATE TABLE records_in AS SELECT ?::BIGINT AS n", [n_records_in])
    connection.execute("CREATE TABLE code_list (list_name VARCHAR, code VARCHAR)")
    connection.executemany("INSERT INTO code_list VALUES (?, ?)", list(_code_lists()))


def _load_clusters(connection: duckdb.DuckDBPyConnection, clusters: Iterable[str]) -> None:
    # A table of Arrow's: inserting row by row would take a second for every thousand.
    connection.register(
        "earlier_clusters", pa.table({"cluster_id": pa.array(clusters, pa.string())})
    )


def _quote(path: Path) -> str:
    """Return `path` for a literal in SQL, its characters no longer those of a glob."""
    return exact_pattern(path).replace("'", "''")


def _code_lists() -> Iterator[tuple[str, str]]:
    book = load_codebook()
    countries = _country_codes()
    lists: dict[str, Sequence[str]] = {
        "event types": list(book.types),
        "event modes": [
            f"{kind.code} {mode}" for kind in book.types.values() for mode in kind.modes
        ],
        "quad classes": [f"{kind.code} {kind.quad_class}" for kind in book.types.values()],
        "contexts": list(book.contexts),
        "sectors": list(book.sectors),
        "values of realis": REALIS,
        "countries": countries,
        "party countries": [*countries, *SUPRANATIONAL_CODES],
        "roles": ["actor", "recipient"],
        "reasons": list(REJECT_REASONS),
        "stages": REJECT_STAGES,
        "warnings": list(WARNINGS),
    }
    return ((name, code) for name, codes in lists.items() for code in codes)


def _country_codes() -> list[str]:
    path = RESOURCES / "gazetteer" / "countries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def _run(connection: duckdb.DuckDBPyConnection, check: Check) -> CheckResult:
    found = connection.execute(f"FROM ({check.sql}) ORDER BY ALL LIMIT {_MOST_EXAMPLES}")
    names = [column[0] for column in found.description or ()]
    examples = tuple(
        {
            name: None if value is None else str(value)
            for name, value in zip(names, row, strict=True)
        }
        for row in found.fetchall()
    )
    n_rows = 0
    if examples:
        counted = connection.execute(f"SELECT count(*) FROM ({check.sql})").fetchone()  # noqa: S608
        n_rows = cast("tuple[int]", counted)[0]
    return CheckResult(check.name, check.severity, not examples, check.rule, n_rows, examples)
