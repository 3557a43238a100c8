"""Where the evaluation data lies beside the project: the IPTC's own cases of ninjs hold.

Names of files begin with the version that the case is for: 1.1__should_fail__001_....json.
"""

import json
from datetime import UTC, datetime

import pytest

from benchmarks.open_gold import GOLD
from include.eventwire.inputs.formats import detect_format
from include.eventwire.inputs.selection import InputFile
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import read_articles
from include.eventwire.readers.ninjs_schemas import find_violation
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Reject
from include.eventwire.settings import Settings

CASES = GOLD / "formats" / "newsinjson"

pytestmark = [
    pytest.mark.gold,
    pytest.mark.skipif(not CASES.is_dir(), reason=f"the evaluation data is not at {CASES}"),
]

# Valid since 1.2 and without a word about its version: no reader can know that it is in 1.1. It
# is refused where the version is given, and is no article anyway.
_OLDER_THAN_IT_SHOWS = {"1.1__should_fail__001_type_component.json"}


def list_cases(verdict):
    return sorted(CASES.glob(f"*__{verdict}__*.json")) if CASES.is_dir() else []


def read(path):
    file = InputFile(path, path.name, path.stat().st_size, detect_format(path))
    limit = datetime(2030, 1, 1, tzinfo=UTC)
    return list(read_articles(ReadContext(file, SourceProfile(), Settings(), limit)))


def load(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None


@pytest.mark.parametrize("path", list_cases("should_pass"), ids=lambda path: path.name)
def test_valid_items_are_read(path):
    for found in read(path):
        if isinstance(found, Reject):
            # Most cases have no body: they are no articles, but nothing is wrong with them.
            assert found.reason in ("empty_text", "not_an_article"), found.detail


@pytest.mark.parametrize("path", list_cases("should_fail"), ids=lambda path: path.name)
def test_invalid_items_are_refused_with_the_rule(path):
    (found,) = read(path)
    assert isinstance(found, Reject)
    if path.name in _OLDER_THAN_IT_SHOWS:
        assert found.reason == "not_an_article"
        return
    assert found.reason == "broken_record"
    assert found.detail.startswith("no JSON" if load(path) is None else "$")


@pytest.mark.parametrize(
    "path",
    [*list_cases("should_pass"), *list_cases("should_fail")],
    ids=lambda path: path.name,
)
def test_the_verdict_of_the_version_that_a_case_is_for(path):
    version, verdict, _ = path.name.split("__", 2)
    item = load(path)
    if item is None:
        return
    violation = find_violation(item, version=None if "dev" in version else version)
    assert bool(violation) == (verdict == "should_fail"), violation


def test_there_are_cases_of_all_versions():
    versions = {path.name.split("__")[0] for path in list_cases("should_*")}
    assert versions >= {"1.0", "1.1", "1.2", "1.3", "1.4", "2.0", "2.1", "3.0", "3.1"}
