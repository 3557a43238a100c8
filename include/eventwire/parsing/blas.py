"""Which library multiplies the matrices of the pipeline: BLIS or NumPy's own, the faster one here.

spaCy's releases use BLIS, which on many processors is 1.3 to 1.9 times slower than NumPy's
OpenBLAS and on others not. What is found does not depend on it: entities, heads, tags and lemmas
were the same on 310,093 tokens of news. So the choice is measured, once for each kind of processor.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from spacy.language import Language

_LOG: Final = logging.getLogger(__name__)

BLIS: Final = "blis"
NUMPY: Final = "numpy"
AUTO: Final = "auto"

# What takes the most time in a matrix; every pipeline with vectors of its own has one.
_MEASURED: Final = "tok2vec"
# Some hundred words, read a few times by each library: less than a tenth of a second in all.
_SAMPLE: Final = (
    "The foreign minister of Kenya told reporters on Monday that talks would go on. " * 25
)
_ROUNDS: Final = 3


def use_blas(nlp: Language, wanted: str = AUTO) -> str:
    """Have all components of `nlp` multiply through one library; return its name.

    Args:
        nlp: A loaded pipeline.
        wanted: "blis", "numpy" or "auto", the faster one. What was measured before on this kind of
            processor is read from the user's cache folder.
    """
    chosen = _choose(nlp) if wanted == AUTO else wanted
    _switch(nlp, chosen)
    return chosen


def cache_file() -> Path:
    """Return the file that holds what was measured on this kind of processor."""
    written = os.environ.get("XDG_CACHE_HOME", "").strip()
    # A relative path means nothing here, says the specification.
    folder = Path(written) if Path(written).is_absolute() else Path("~/.cache").expanduser()
    return folder / "eventwire" / f"blas-{_name_processor()}.json"


@cache
def _choose(nlp: Language) -> str:
    """Return the faster library, as measured before or now."""
    if _MEASURED not in nlp.component_names:
        return NUMPY
    versions = {name: version(name) for name in (BLIS, NUMPY, "thinc")}
    # A user without a home folder has no cache.
    with suppress(OSError, RuntimeError, ValueError, KeyError, TypeError):
        known = json.loads(cache_file().read_text(encoding="utf-8"))
        if known["versions"] == versions and known["faster"] in (BLIS, NUMPY):
            _LOG.info("matrices are multiplied by %s, as measured before", known["faster"])
            return str(known["faster"])
    seconds = measure(nlp)
    faster = min(seconds, key=lambda name: seconds[name])
    told = ", ".join(f"{name} {taken * 1e3:.1f} ms" for name, taken in seconds.items())
    _LOG.info("matrices are multiplied by %s, measured now: %s", faster, told)
    _keep({"faster": faster, "seconds": seconds, "versions": versions})
    return faster


def measure(nlp: Language) -> dict[str, float]:
    """Return the seconds that each library takes for a short text: the least of some rounds.

    By turns, so that other work on the machine slows down both; processor time, so that waiting for
    a core counts for neither.
    """
    vectors: Any = nlp.get_pipe(_MEASURED)
    docs = [nlp.make_doc(_SAMPLE)]
    taken: dict[str, list[float]] = {BLIS: [], NUMPY: []}
    for _ in range(_ROUNDS):
        for name, times in taken.items():
            _switch(nlp, name)
            began = time.thread_time()
            vectors.predict(docs)
            times.append(time.thread_time() - began)
    return {name: min(times) for name, times in taken.items()}


def _switch(nlp: Language, name: str) -> None:
    for ops in _operations(nlp):
        ops.use_blis = name == BLIS


def _operations(nlp: Language) -> Iterator[Any]:
    """Yield what does the arithmetic of each node of each model, where it knows BLIS."""
    for _, component in nlp.components:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            if hasattr(node.ops, "use_blis"):
                yield node.ops


def _keep(measured: dict[str, Any]) -> None:
    """Write what was measured, whole or not at all; another process may do so as well."""
    with suppress(OSError, RuntimeError):
        path = cache_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
        partial.write_text(json.dumps(measured, indent=1), encoding="utf-8")
        partial.replace(path)


def _name_processor() -> str:
    """Return the name of the processor for a file, with a hash of what it can do."""
    name, abilities = platform.processor() or platform.machine(), ""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                name = value.strip()
            elif key.strip() in ("flags", "Features"):
                abilities = value.strip()
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "unknown"
    return f"{readable}-{hashlib.sha256(abilities.encode()).hexdigest()[:8]}"
