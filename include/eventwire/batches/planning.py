"""From the request of a user or a schedule to the plan of a batch: which files, how cut."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from include.eventwire.batches.plan import BatchRequest, Plan, cut_shards, name_batch
from include.eventwire.gazetteer.names import load_gazetteer
from include.eventwire.inputs.selection import InputError, Inputs, list_inputs
from include.eventwire.inputs.sources import load_sources
from include.eventwire.lake.locations import check_reachable, is_remote, lies_in, to_location
from include.eventwire.lexicon import load_lexicon
from include.eventwire.settings import Settings
from include.eventwire.versions import model_version


def make_plan(
    request: BatchRequest, settings: Settings, allowed_roots: tuple[Path, ...] | None
) -> Plan:
    """Return the plan of one batch; see `jobs.plan_batch`."""
    model = request.model or settings.model
    check_coder(model)
    found = _find_inputs(request, settings, allowed_roots)
    return Plan(
        day=request.day,
        batch=name_batch(request),
        run=uuid.uuid4().hex,
        settings=replace(settings, model=model),
        files=found.files,
        shards=cut_shards(found.files, request.limit),
        rejects=found.rejects,
        publisher=request.publisher,
        limit=request.limit,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def check_coder(model: str) -> None:
    """Load what coding needs, so that a mistake in it is told before anything is read.

    Raises:
        ModelNotFoundError: The model is not installed.
        LexiconError, GazetteerError: A data file of the coder has a mistake.
    """
    model_version(model)
    load_lexicon()
    load_gazetteer()


def _find_inputs(
    request: BatchRequest, settings: Settings, allowed_roots: tuple[Path, ...] | None
) -> Inputs:
    roots = settings.allowed_roots if allowed_roots is None else allowed_roots
    specs = [_from_landing(spec, settings, is_free=not roots) for spec in request.inputs]
    if not specs:
        specs = _landing_folders(settings.landing, request.day)
        roots = (settings.landing,)
    found = list_inputs(
        specs,
        allowed_roots=roots or None,
        landing=settings.landing,
        sources=load_sources(settings.sources),
        format=request.format,
        max_files=settings.max_files,
    )
    _check_not_in_lake(found, settings.lake)
    return found


def _from_landing(spec: str, settings: Settings, *, is_free: bool) -> Path:
    """Return where a relative `spec` lies: in the landing area.

    A run that may read everything (`is_free`, from the command line) means a path from where it
    was called first, and only else one from the landing area.
    """
    path = to_location(spec)
    if is_remote(path):
        return path
    landed = settings.landing / spec
    if path.is_absolute() or (is_free and (path.exists() or not any(settings.landing.glob(spec)))):
        return path
    return landed


def _landing_folders(landing: Path, day: date) -> list[Path]:
    name = f"dt={day.isoformat()}"
    if is_remote(landing):
        check_reachable(landing)
        # A pattern would list all that ever landed.
        sources = landing.iterdir() if landing.exists() else ()
        folders = [folder for source in sources if (folder := source / name).exists()]
    else:
        folders = [*landing.glob(f"*/{name}")]
    return sorted(folder for folder in folders if not folder.parent.name.startswith("."))


def _check_not_in_lake(found: Inputs, lake: Path) -> None:
    """Refuse to read what this very run, or one before it, writes."""
    root = lake.resolve()
    for file in found.files:
        if lies_in(file.path.resolve(), root):
            raise InputError(
                f"{file.path} belongs to the lake {lake} that is to be written; keep the lake "
                "out of the folders that are read"
            )
