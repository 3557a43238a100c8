"""Who is to blame when processes end, with a stand-in for the processes."""

from dataclasses import replace
from datetime import date

import pytest

from include.eventwire.batches import careful_coding
from include.eventwire.batches.careful_coding import CodingError, _Outcome, code_carefully
from include.eventwire.batches.coding_process import ARTICLES_TOGETHER, CODED_TABLES
from include.eventwire.batches.plan import Plan
from include.eventwire.records import Reject
from include.eventwire.settings import Settings
from tests.lake_rows import make_article

PLAN = Plan(
    day=date(2018, 4, 24), batch="daily", run="r1", settings=Settings(), files=(), shards=(),
    rejects=(), publisher=None, limit=None, created_at="2018-04-24T00:00:00+00:00",
)  # fmt: skip


@pytest.fixture
def processes(monkeypatch):
    """Play processes that end, with a status, at the articles of these record numbers.

    What each process was handed is kept; with `once` an article ends only the first that meets it.
    """

    class Processes:
        def __init__(self):
            self.deadly, self.once, self.handed = {}, False, []

        def run(self, articles, plan, on_progress):
            self.handed.append([article.record_number for article in articles])
            for position, article in enumerate(articles):
                if (status := self.deadly.get(article.record_number)) is not None:
                    if self.once:
                        del self.deadly[article.record_number]
                    n_done = position // ARTICLES_TOGETHER * ARTICLES_TOGETHER
                    return _Outcome(status, position, n_done, [make_part(articles[:n_done])])
            return _Outcome(0, len(articles) - 1, len(articles), [make_part(articles)])

    played = Processes()
    monkeypatch.setattr(careful_coding, "_run_process", played.run)
    return played


def make_part(articles):
    """Return the rows of a process that rejects articles of which it cannot make anything."""
    rows = {table: [] for table in CODED_TABLES}
    for row in articles:
        if row.text.startswith("bad"):
            rows["rejects"].append(
                Reject(row.input_uri, row.record_number, "code", "unexpected_error", "boom")
            )
        else:
            rows["articles"].append(replace(row, n_tokens=1))
    return rows


def make_articles(n_articles, *bad):
    return [
        make_article(f"{'bad' if n in bad else 'good'} text {n}", record_number=n)
        for n in range(1, n_articles + 1)
    ]


def told(rows):
    return (
        [article.record_number for article in rows["articles"]],
        [(reject.record_number, reject.reason) for reject in rows["rejects"]],
    )


def test_without_a_culprit_all_are_coded_in_one_process(processes):
    rows = code_carefully(make_articles(50), PLAN)
    assert told(rows) == (list(range(1, 51)), [])
    assert len(processes.handed) == 1


def test_an_article_at_which_two_processes_ended_is_a_reject_in_its_place(processes):
    processes.deadly = {25: -11}
    rows = code_carefully(make_articles(50, 3, 30), PLAN)
    kept = [number for number in range(1, 51) if number not in (3, 25, 30)]
    blamed = [(3, "unexpected_error"), (25, "crashed_the_coder"), (30, "unexpected_error")]
    assert told(rows) == (kept, blamed)
    assert rows["rejects"][1].detail == (
        "the article could not be coded: at two attempts the process was ended by SIGSEGV"
    )
    # What the first process left is not coded again.
    assert [(numbers[0], len(numbers)) for numbers in processes.handed] == [
        *((1, 50), (21, 30), (21, 29))
    ]


def test_an_article_at_which_one_process_ended_is_not_to_blame(processes):
    processes.deadly, processes.once = {25: -9, 40: -9}, True
    assert told(code_carefully(make_articles(50), PLAN)) == (list(range(1, 51)), [])
    assert len(processes.handed) == 3


def test_several_culprits_are_found_one_after_the_other(processes):
    processes.deadly = {1: -6, 2: 1, 50: 7}
    rows = code_carefully(make_articles(50), PLAN)
    assert told(rows) == (
        list(range(3, 50)),
        [(1, "crashed_the_coder"), (2, "took_too_long"), (50, "crashed_the_coder")],
    )
    assert "stuck for 50 seconds" in rows["rejects"][1].detail
    assert "ended with status 7" in rows["rejects"][2].detail


def test_a_process_that_ends_between_two_articles_blames_neither(processes, monkeypatch):
    articles = make_articles(ARTICLES_TOGETHER + 1)
    outcomes = [
        _Outcome(-9, ARTICLES_TOGETHER - 1, ARTICLES_TOGETHER, [make_part(articles[:-1])]),
        _Outcome(0, 0, 1, [make_part(articles[-1:])]),
    ]
    monkeypatch.setattr(careful_coding, "_run_process", lambda *_: outcomes.pop(0))
    assert told(code_carefully(articles, PLAN)) == ([row.record_number for row in articles], [])


def test_when_ten_articles_end_processes_the_coder_is_to_blame(processes):
    processes.deadly = dict.fromkeys(range(1, 40), -11)
    with pytest.raises(CodingError, match=r"10 articles .* not their fault; .* record 10: "):
        code_carefully(make_articles(50), PLAN)


def test_no_articles_need_no_process(processes):
    assert told(code_carefully([], PLAN)) == ([], [])
    assert processes.handed == []
