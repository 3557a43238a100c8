"""What the process leaves and in which order, run in this one with a stand-in for the coder."""

import os
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from include.eventwire.batches import careful_coding, coding_process
from include.eventwire.batches.careful_coding import CodingProcessError, code_carefully
from include.eventwire.batches.coding_process import (
    ARTICLES_TOGETHER,
    find_position,
    hand_over,
    list_parts,
    read_part,
)
from include.eventwire.settings import PROJECT_ROOT, Settings
from tests.unit.batches.test_careful_coding import PLAN, make_articles
from tests.unit.made_batches import code_articles


@pytest.fixture
def main(monkeypatch):
    """Return the program, without what is done to the process itself."""
    stand_in = SimpleNamespace(code_articles=code_articles, load_pipeline_of=lambda plan: None)
    monkeypatch.setitem(sys.modules, "include.eventwire.batches.chunk_coding", stand_in)
    monkeypatch.setattr(coding_process, "_end_with_parent", lambda: None)
    monkeypatch.setattr(coding_process, "_prefer_to_be_killed", lambda: None)
    return coding_process.main


def test_the_rows_of_all_articles_are_left_in_their_order(main, tmp_path):
    articles = make_articles(ARTICLES_TOGETHER + 3)
    hand_over(articles, PLAN, tmp_path)
    main(tmp_path)
    parts = [read_part(part) for part in list_parts(tmp_path)]
    assert [len(part["articles"]) for part in parts] == [ARTICLES_TOGETHER, 3]
    expected = code_articles(articles, PLAN)
    for table in ("articles", "mentions"):
        assert [row for part in parts for row in part[table]] == expected[table]
    assert find_position(tmp_path) == ARTICLES_TOGETHER + 2


def test_the_article_that_it_is_at_is_known_when_it_ends(main, tmp_path, monkeypatch):
    def stop(articles, plan):
        if articles[0].record_number == 24:
            raise KeyboardInterrupt
        return code_articles(articles, plan)

    monkeypatch.setattr(
        sys.modules["include.eventwire.batches.chunk_coding"], "code_articles", stop
    )
    hand_over(make_articles(30), PLAN, tmp_path)
    assert find_position(tmp_path) is None
    with pytest.raises(KeyboardInterrupt):
        main(tmp_path)
    assert (find_position(tmp_path), len(list_parts(tmp_path))) == (23, 1)


def test_a_failure_of_the_process_itself_blames_no_article():
    plan = replace(PLAN, settings=Settings(model="en_core_web_missing"))
    with pytest.raises(CodingProcessError, match=r"(?s)ended with status 3 .*en_core_web_missing"):
        code_carefully(make_articles(2), plan)


def test_it_ends_with_the_process_that_started_it(tmp_path):
    program = "from include.eventwire.batches import coding_process as it; it._end_with_parent()"
    reader, writer = os.pipe()
    process = subprocess.Popen([sys.executable, "-c", program], stdin=reader, cwd=PROJECT_ROOT)
    os.close(reader)
    assert process.poll() is None
    os.close(writer)
    assert process.wait(60) == 4


def test_how_a_process_ended_is_told_in_words():
    told = [careful_coding._tell(status) for status in (-11, 0, 5)]
    assert told == ["was ended by SIGSEGV", "ended with status 0", "ended with status 5"]
