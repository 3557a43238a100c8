"""Versions that every row is traced to: of the coder, of the model and of the resource files."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from include.eventwire.settings import PROJECT_ROOT

# Raised with every change of the code that can change a coded row.
CODER_VERSION: Final = "0.1.0"

RESOURCES: Final = PROJECT_ROOT / "include" / "resources"


@cache
def lexicon_version() -> str:
    """Return a hash of the data files that coding uses: 12 hexadecimal digits.

    It depends on names and content only. Line ends count as "\\n", so that a checkout on Windows
    has the same version.
    """
    digest = hashlib.sha256()
    for path in sorted(RESOURCES.rglob("*")):
        if path.is_file() and path.suffix in {".csv", ".gz", ".json", ".toml"}:
            digest.update(path.relative_to(RESOURCES).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def model_version(model: str) -> str:
    """Return name and version of a spaCy pipeline: "en_core_web_sm-3.8.0".

    A pipeline package of another name than its module (a repackaged one) is asked for the version
    in its own metadata.
    """
    try:
        return f"{model}-{version(model)}"
    except PackageNotFoundError:
        import spacy.util

        meta = spacy.util.get_package_path(model)
        return f"{model}-{spacy.util.load_meta(meta / 'meta.json')['version']}"
