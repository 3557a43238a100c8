"""Makes answers of templates: every text escaped, every link below where the app is mounted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from include.eventwire.explorer import meanings
from include.eventwire.explorer.filters import Filters
from include.eventwire.explorer.lake_reading import LakeReader

TEMPLATES: Final = Path(__file__).parent / "templates"
# What the navigation shows: path, name.
NAVIGATION: Final = (
    ("/", "Overview"),
    ("/events", "Events"),
    ("/actors", "Actors"),
    ("/map", "Map"),
    ("/runs", "Runs"),
)


def reader_of(request: Request) -> LakeReader:
    """Return the reader of the lake that the app shows."""
    return cast("LakeReader", request.app.state.reader)


def link(request: Request, path: str, filters: Filters | None = None, **query: object) -> str:
    """Return the address of a page of the app, below where it is mounted.

    Args:
        request: Any request to the app.
        path: Path within the app: "/events".
        filters: Filters that the page shall have.
        **query: Further parts of the query; those that are None are left out.
    """
    mount = str(request.scope.get("root_path", "")).rstrip("/") + request.app.state.prefix
    parts = [filters.to_query()] if filters else []
    further = {name: value for name, value in query.items() if value is not None}
    if further:
        parts.append(urlencode(further))
    return f"{mount}{path}{'?' if parts else ''}{'&'.join(parts)}"


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HTMLResponse:
    """Return a page made of a template.

    The template has, besides `context`: `url(path, filters=None, **query)`, see `link`;
    `navigation`; and `here`, the path of the page within the app.
    """
    mount = link(request, "")
    here = request.url.path.removeprefix(mount) or "/"

    def url(path: str, filters: Filters | None = None, **query: object) -> str:
        return link(request, path, filters, **query)

    given = {"filters": None, **(context or {})}
    page = _environment().get_template(template)
    return HTMLResponse(
        page.render(**given, url=url, navigation=NAVIGATION, here=here), status_code=status
    )


def safe_href(address: str | None) -> str | None:
    """Return the address of a source if a browser may follow it: http or https; else None."""
    try:
        parts = urlsplit((address or "").strip())
    except ValueError:
        return None
    whole = parts.scheme in ("http", "https") and bool(parts.netloc)
    return parts.geturl() if whole else None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        type_meaning=meanings.type_meaning,
        mode_meaning=meanings.mode_meaning,
        country_name=meanings.country_name,
        read_codes=meanings.read_codes,
        codebook_choices=meanings.codebook_choices,
        country_choices=meanings.country_choices,
    )
    environment.filters["safe_href"] = safe_href
    environment.filters["thousands"] = "{:,}".format
    return environment
