"""The time that an article may take is not spent on what is loaded when it is first used."""

import os
import subprocess
import sys

import pytest

from include.eventwire.settings import PROJECT_ROOT

pytestmark = pytest.mark.model

# Tells the files that are opened, and the modules that are loaded, for the first article.
PROGRAM = """
import sys
from types import SimpleNamespace
from include.eventwire.batches.chunk_coding import code_articles, load_pipeline_of
from include.eventwire.settings import Settings
from tests.faults.runner import OPENING
from tests.lake_rows import make_article

plan = SimpleNamespace(settings=Settings())
article = make_article(OPENING)
load_pipeline_of(plan)
sys.addaudithook(lambda event, values: event == "open" and print(values[0]))
assert len(code_articles([article], plan)["events"]) == 1
"""


def test_coding_the_first_article_opens_no_file():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
