"""Makes some articles deadly to the process that codes them: put this folder on PYTHONPATH.

Python imports a module of this name at its start, so every process has it, whoever starts it. What
an article does depends on a word in it; the product knows nothing of this.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from importlib.machinery import PathFinder
from pathlib import Path


def _die(text):
    if "segfaultium" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "abortium" in text:
        os.abort()
    if "exhaustium" in text:  # as the kernel does when the memory has run out
        os.kill(os.getpid(), signal.SIGKILL)
    if "endlessium" in text:  # in compiled code, which hears of no signal and lets no thread run
        sum(itertools.repeat(0))
    if "unluckium" in text and (once := Path(os.environ["POISON_ONCE"])).exists():
        once.unlink(missing_ok=True)
        os.kill(os.getpid(), signal.SIGKILL)


def _poison_nlp(nlp):
    parse = nlp.parse_articles

    def parse_or_die(pipeline, articles):
        for article in articles:
            _die(article.text)
        return parse(pipeline, articles)

    nlp.parse_articles = parse_or_die


def _shorten_grace(time_limits):
    time_limits._GRACE_SECONDS = float(os.environ.get("POISON_GRACE", time_limits._GRACE_SECONDS))


_CHANGES = {
    "include.eventwire.parsing.pipeline": _poison_nlp,
    "include.eventwire.time_limits": _shorten_grace,
}


class _Poison:
    """Changes modules as they are imported."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in _CHANGES or (spec := PathFinder.find_spec(name, path, target)) is None:
            return None
        run = spec.loader.exec_module

        def run_and_change(module):
            run(module)
            _CHANGES[name](module)

        spec.loader.exec_module = run_and_change
        return spec


sys.meta_path.insert(0, _Poison)
