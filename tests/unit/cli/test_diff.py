import json

import pytest

from tests.lake_rows import make_article, make_event, make_party
from tests.unit.comparison.lakes import VERSIONS, article_of, event_of, publish

ONE, TWO = article_of(1), article_of(2)


@pytest.fixture
def lakes(tmp_path):
    """Publish a lake of before and one of after; return their folders."""
    lost = event_of(ONE, "b", "Monday", event_index=1, event_type="AID", event_mode=None)
    publish(tmp_path / "a", [ONE, TWO], [event_of(ONE, "a"), lost])
    after = event_of(ONE, "a", realis="negated")
    publish(tmp_path / "b", [ONE], [after], versions={**VERSIONS, "coder": "2"})
    return tmp_path / "a", tmp_path / "b"


def test_tells_versions_articles_counts_and_examples(call, lakes):
    status, output, _ = call("diff", *lakes)
    assert status == 0
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert "A: coder 1, lexicon abc, model m-1 (1 batches)" in lines
    assert "B: coder 2, lexicon abc, model m-1 (1 batches)" in lines
    assert any(line.startswith("Articles: 1 in both, 1 only in A, 0 only in B") for line in lines)
    assert f"only in A: {TWO.article_id} in 2018-04-24 daily" in lines
    assert "2 in A, 1 in B: 0 gained, 1 lost, 1 changed" in output
    assert "AID 1 0 0 1 0" in lines
    assert "CONSULT 1 1 0 0 1" in lines
    assert "Changed: 1 realis" in lines
    assert "changed (realis)" in lines
    assert 'B: China (GOV) CONSULT (negated): "met", Tokyo (JPN), 2018-04-23' in lines
    assert any("<China|0 actor> {met|0 CONSULT} Japan in (Tokyo|0 place)" in line for line in lines)


def test_a_lake_differs_in_nothing_from_itself(call, lakes):
    status, output, _ = call("diff", lakes[0], lakes[0])
    assert status == 0
    assert "0 gained, 0 lost, 0 changed" in output
    assert "gained" not in output.partition("changed;")[2]


def test_json_holds_the_same(call, lakes):
    told = json.loads(call("diff", *lakes, "--json")[1])
    assert told["articles"] == {
        "a": 2, "b": 1, "both": 1, "coded_only_a": 0, "coded_only_b": 0,
    }  # fmt: skip
    assert told["events"] == {"a": 2, "b": 1, "gained": 0, "lost": 1, "changed": 1}
    assert told["by"]["event_type"]["AID"]["lost"] == 1
    lost, changed = told["examples"]
    assert (lost["kind"], lost["a"]["event_id"], lost["b"]) == ("lost", "b" * 32, None)
    assert changed["fields"] == ["realis"]
    assert "{met|0 CONSULT}" in changed["b"]["passage"]


def test_examples_may_be_left_out(call, lakes):
    assert json.loads(call("diff", *lakes, "--json", "--examples", "0")[1])["examples"] == []


def test_a_word_that_is_marked_elsewhere_in_a_long_article_is_left_out(call, tmp_path):
    # The actor is named a thousand characters before its event.
    text = f"China spoke. {'Nothing of note was said. ' * 40}They met in Tokyo on Monday."
    article = make_article(text)
    event = make_event(article)
    start = text.index("They")
    assert make_party(article, event).start_char < start - 500
    publish(tmp_path / "a", [article], [event])
    publish(tmp_path / "b", [article], [])
    told = json.loads(call("diff", tmp_path / "a", tmp_path / "b", "--json")[1])
    passage = told["examples"][0]["a"]["passage"]
    assert passage.startswith("... ")
    assert "China" not in passage
    assert "They {met|0 CONSULT} in (Tokyo|0 place) on Monday." in passage


def test_versions_within_a_lake(call, tmp_path):
    publish(tmp_path / "a", [ONE], [event_of(ONE, "a")])
    new = {**VERSIONS, "lexicon": "def"}
    publish(tmp_path / "a", [TWO], [], name="other", versions=new)
    status, output, _ = call("diff", tmp_path / "a", "--versions")
    assert status == 0
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert "1: coder 1, lexicon abc, model m-1 (1 batches, 2018-04-24)" in lines
    assert "2: coder 1, lexicon def, model m-1 (1 batches, 2018-04-24)" in lines
    assert "events an article 1.000 0.000" in lines
    assert "mean confidence 0.750 -" in lines
    assert "CONSULT 1,000.0 0.0" in lines
    told = json.loads(call("diff", tmp_path / "a", "--versions", "--json")[1])
    assert [share["events_per_article"] for share in told["versions"]] == [1, 0]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["a"], 2, "name two lakes"),
        (["a", "b", "--versions"], 2, "name two lakes"),
        (["a", "b", "--examples", "-1"], 2, "no whole number"),
        (["a", "b", "--day", "2020-01-01"], 1, "no complete batch"),
        (["a", "nowhere"], 1, "no complete batch"),
    ],
)
def test_what_cannot_be_compared_is_told(call, lakes, arguments, status, says):
    paths = [
        str(lakes[0].parent / argument) if argument in ("a", "b", "nowhere") else argument
        for argument in arguments
    ]
    found, output, errors = call("diff", *paths)
    assert (found, output) == (status, "")
    assert says in errors
