import json
from dataclasses import replace

import pytest

from include.eventwire.article_ids import hash_text
from include.eventwire.cli import show as show_command
from include.eventwire.cli.marked_text import Mark, bracket, colour, find_marks
from include.eventwire.cli.terminal import make_console
from include.eventwire.records import CodedArticle
from tests.lake_rows import TEXT, make_article, make_batch

ARTICLE_ID = hash_text(TEXT)[:32]


def test_marks_mentions_events_parties_and_places_in_brackets(call, publish):
    status, output, _ = call("show", publish().root, ARTICLE_ID[:8])
    assert status == 0
    assert (
        "news: [<China|0 actor>|GPE] {met|0 CONSULT} <Japan|0 recipient> in "
        "[(Tokyo|0 place)|GPE] on Monday."
    ) in output
    assert 'China (GOV) CONSULT Japan (GOV): "met", Tokyo (JPN), 2018-04-23' in output
    assert "Ministers meet" in output
    assert "2018-04-24 09:30" in output
    assert ARTICLE_ID in output
    assert "e" * 32 in output


def test_json_holds_the_article_and_all_rows(call, publish):
    _, output, _ = call("show", publish().root, ARTICLE_ID, "--json")
    told = json.loads(output)
    assert told["batches"] == ["2018-04-24 daily"]
    assert told["article"]["text"] == TEXT
    assert [len(told[name]) for name in ("mentions", "events", "event_parties")] == [2, 1, 2]


@pytest.mark.parametrize(
    ("n_tokens", "message"), [(12, "no events"), (None, "not coded: its language")]
)
def test_an_article_without_events_says_why(call, publish, n_tokens, message):
    empty = {table: [] for table in make_batch()}
    article = replace(make_article(), n_tokens=n_tokens, n_sentences=n_tokens)
    layout = publish({**empty, "articles": [article]})
    assert message in call("show", layout.root, ARTICLE_ID)[1]


def test_an_article_that_could_not_be_coded_again_says_so(call, publish):
    empty = {table: [] for table in make_batch()}
    warnings = "coding_failed,text_repaired"
    article = replace(make_article(), n_tokens=None, n_sentences=None, warnings=warnings)
    layout = publish({**empty, "articles": [article]})
    assert "the coder failed on it" in call("show", layout.root, ARTICLE_ID)[1]


def test_a_copy_says_of_which_article(call, publish):
    empty = {table: [] for table in make_batch()}
    copy = {"cluster_id": "c" * 32, "is_canonical": False, "duplicate_kind": "near"}
    article = replace(make_article(), n_tokens=None, n_sentences=None, **copy)
    _, output, _ = call("show", publish({**empty, "articles": [article]}).root, ARTICLE_ID)
    assert f"near copy of {'c' * 32}" in output
    assert f"not coded: this is a copy of {'c' * 32}; see there" in output


def test_an_unknown_id_exits_with_1(call, publish):
    status, output, errors = call("show", publish().root, "xyz")
    assert (status, output) == (1, "")
    assert "xyz" in errors


def test_colours_on_a_terminal_leave_the_text_as_it_is(call, publish, monkeypatch):
    def make_terminal():
        console = make_console()
        console._force_terminal = True
        console._color_system = 3
        return console

    monkeypatch.setattr(show_command, "make_console", make_terminal)
    _, output, _ = call("show", publish().root, ARTICLE_ID)
    assert "\x1b[" in output
    assert "[China|GPE]" not in output


def coded(text, **changes):
    batch = make_batch(text)
    (article,), (event,) = batch["articles"], batch["events"]
    return CodedArticle(
        replace(article, **changes),
        tuple(batch["mentions"]),
        (event,),
        tuple(batch["event_parties"]),
    )


def test_marks_are_those_of_the_rows_in_text_order():
    marks = find_marks(coded(TEXT))
    assert [(TEXT[mark.start_char : mark.end_char], mark.label) for mark in marks] == [
        ("China", "GPE"), ("China", "0 actor"), ("met", "0 CONSULT"), ("Japan", "0 recipient"),
        ("Tokyo", "GPE"), ("Tokyo", "0 place"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([], "abcdef"),
        ([(0, 6)], "[abcdef|0]"),
        ([(0, 4), (0, 2)], "[[ab|1]cd|0]ef"),
        ([(0, 4), (2, 4)], "[ab[cd|1]|0]ef"),
        ([(0, 3), (2, 5)], "[ab[c|0]de|1]f"),
        ([(0, 2), (2, 4)], "[ab|0][cd|1]ef"),
    ],
)
def test_brackets_open_and_close_in_order(spans, marked):
    marks = [Mark(start, end, "mention", str(n)) for n, (start, end) in enumerate(spans)]
    assert bracket("abcdef", marks) == marked


def test_colours_name_the_event_behind_its_trigger():
    marks = [Mark(0, 5, "mention", "GPE"), Mark(6, 9, "trigger", "0 CONSULT")]
    assert colour("China met.", marks).plain == "China met[0 CONSULT]."


def test_what_would_steer_the_terminal_is_shown_as_a_mark():
    text = "a\x1b[31mred\x9b\u202e\n\tend"
    assert bracket(text, []) == "a\ufffd[31mred\ufffd\ufffd\n\tend"
    assert colour(text, []).plain == "a\ufffd[31mred\ufffd\ufffd\n\tend"


def test_markup_in_a_text_is_text(call, publish):
    text = f"[red]not red[/red] [/] {TEXT}"
    layout = publish(make_batch(text))
    _, output, _ = call("show", layout.root, hash_text(text)[:32])
    assert "[red]not red[/red] [/] " in output
