import json

import pytest

from include.eventwire.cli import explain as explain_command
from include.eventwire.explanation import explain_event
from tests.lake_rows import make_batch


@pytest.fixture(autouse=True)
def rule(monkeypatch):
    """Let the lexicon hold one frame, or what the test puts there."""
    rules = {"consult.csv:1": {"head": "meet", "pos": "verb", "note": "", "with": "obj"}}
    monkeypatch.setattr("include.eventwire.explanation.read_rule", rules.get)
    return rules


def test_tells_rule_words_offsets_and_versions(call, publish):
    status, output, _ = call("explain", publish().root, "eeee")
    assert status == 0
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert 'China (GOV) CONSULT Japan (GOV): "met", Tokyo (JPN), 2018-04-23' in lines
    assert "rule include/resources/lexicon/consult.csv:1" in lines
    assert "head meet" in lines
    assert not any(line.startswith("note") for line in lines)
    (event,) = make_batch()["events"]
    offsets = f"{event.trigger_start_char}:{event.trigger_end_char}"
    assert f"type CONSULT visit, verbal cooperation met {offsets}" in lines
    assert any("China {met|trigger} Japan" in line for line in lines)
    (told,) = (line for line in lines if line.startswith("lexicon"))
    assert "might be coded differently" in told


def test_a_frame_that_is_gone_is_told(call, publish, rule):
    rule.clear()
    assert "the lexicon has changed since" in call("explain", publish().root, "e")[1]


def test_json_holds_event_rule_evidence_and_versions(call, publish):
    told = json.loads(call("explain", publish().root, "e", "--json")[1])
    assert told["event"]["event_id"] == "e" * 32
    assert told["rule"]["head"] == "meet"
    assert told["evidence"][0]["words"] == "met"
    assert set(told["versions"]) == {"coder", "lexicon", "model"}


def test_a_frame_of_another_type_in_its_place_is_told(call, publish, monkeypatch):
    def explain(found, event):
        explanation = explain_event(found, event)
        object.__setattr__(explanation, "rule_id", "assault.csv:1")
        object.__setattr__(explanation, "rule", {"head": "attack"})
        return explanation

    monkeypatch.setattr(explain_command, "explain_event", explain)
    assert "it codes another type" in call("explain", publish().root, "e")[1]
