"""Puts a report in words and drawings: HTML for a page of the explorer, or a file of its own.

Both have the same body. The file needs nothing beside it: its style stands in it, it has no script,
and its policy forbids every request. All text is escaped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from include.eventwire import __version__
from include.eventwire.codebook import load_codebook
from include.eventwire.reports.charts import HEIGHT, WIDTH, draw_days
from include.eventwire.reports.contents import MOST_INPUTS, BatchReport
from include.eventwire.schemas import REJECT_REASONS, TOLD_TABLES, WARNINGS

MARK: Final = "eventwire-receipt"
# The name that a table of the replaced batch's numbers gives each of them.
_TEMPLATES: Final = Path(__file__).parent / "templates"
_STYLES: Final = Path(__file__).parents[1] / "explorer" / "static"
_STYLE_FILES: Final = ("explorer.css", "report.css")

Link = Callable[..., str | None]


def render_body(report: BatchReport, link: Link | None = None) -> Markup:
    """Return the body of a report as HTML.

    Args:
        report: What is told.
        link: Returns the address of a page of the explorer, from its path and parts of its query;
            None = nothing is linked.
    """
    days = report.trailing.days if report.trailing and report.trailing.n_days else ()
    template = _environment().get_template("report_body.html")
    return Markup(  # noqa: S704 - made by a template that escapes what it is given
        template.render(
            report=report,
            receipt=report.receipt,
            tables=report.tables,
            trailing=report.trailing,
            charts=[
                draw_days(f"{name.capitalize()} by day", name, days)
                for name in ("articles", "events", "rejects")
                if days
            ],
            link=link or _link_nothing,
        )
    )


def render_file(report: BatchReport) -> str:
    """Return a report as an HTML file that needs nothing beside it."""
    style = "\n".join((_STYLES / name).read_text(encoding="utf-8") for name in _STYLE_FILES)
    template = _environment().get_template("report_file.html")
    return template.render(
        report=report,
        mark=MARK,
        version=__version__,
        body=render_body(report),
        style=Markup(style),  # noqa: S704 - files of the project
    )


def _link_nothing(*_: object, **__: object) -> None:
    return None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        reasons=REJECT_REASONS,
        doubts=WARNINGS,
        told_tables=TOLD_TABLES,
        most_inputs=MOST_INPUTS,
        chart_width=WIDTH,
        chart_height=HEIGHT,
        type_meaning=_type_meaning,
    )
    environment.filters.update(
        thousands="{:,}".format,
        share=_tell_share,
        decimals="{:.2f}".format,
        median=_tell_median,
        size=_tell_size,
        duration=_tell_duration,
    )
    return environment


def _type_meaning(code: str) -> str:
    kind = load_codebook().types.get(code)
    return kind.definition if kind else ""


def _tell_share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _tell_median(number: float | None) -> str:
    return "-" if number is None else f"{number:,.1f}".removesuffix(".0")


def _tell_size(n_bytes: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            return f"{n_bytes / size:,.1f} {unit}"
    return f"{n_bytes} bytes"


def _tell_duration(duration: timedelta | None) -> str:
    if duration is None:
        return "-"
    seconds = int(duration.total_seconds())
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return " ".join([*parts, *[f"{seconds % 60} s"] * (hours == 0)])
