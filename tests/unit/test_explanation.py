import pytest

from include.eventwire import explanation
from include.eventwire.explanation import explain_event, read_rule
from include.eventwire.lake.layout import BatchKey
from include.eventwire.lake.lookup import Found
from include.eventwire.lexicon import load_lexicon
from include.eventwire.records import CodedArticle
from include.eventwire.versions import CODER_VERSION, lexicon_version
from tests.lake_rows import DAY, TEXT, make_article, make_event, make_mention, make_party

HEADER = "head,pos,with,mode,contexts,roles,confidence,note"


@pytest.fixture(autouse=True)
def lexicon(tmp_path, monkeypatch):
    folder = tmp_path / "lexicon"
    folder.mkdir()
    (folder / "word_classes.csv").write_text("class,words\nsites,camp village\n")
    (folder / "consult.csv").write_text(
        f'{HEADER}\n# meetings\nmeet,verb,obj,,,subj+obj>,0.9,"they met, she said"\n'
    )
    monkeypatch.setattr(explanation, "LEXICON_FOLDER", folder)
    monkeypatch.setattr(explanation, "load_lexicon", lambda: load_lexicon(folder))
    return folder


def explain(text=TEXT, **changes):
    article = make_article(text)
    event = make_event(article, **changes)
    parties = (
        make_party(article, event),
        make_party(article, event, "Japan", role="recipient", name="Japan", country_code="JPN"),
    )
    coded = CodedArticle(article, (make_mention(article),), (event,), parties)
    return explain_event(Found(BatchKey(DAY, "daily"), coded), event)


def test_the_rule_is_the_row_of_the_lexicon_as_it_is_written():
    assert read_rule("consult.csv:3") == {
        "head": "meet",
        "pos": "verb",
        "with": "obj",
        "mode": "",
        "contexts": "",
        "roles": "subj+obj>",
        "confidence": "0.9",
        "note": "they met, she said",
    }


@pytest.mark.parametrize("rule_id", ["consult.csv:2", "consult.csv:99", "/etc/passwd:1", "", "x"])
def test_what_is_no_frame_is_not_read(rule_id):
    assert read_rule(rule_id) is None


def test_every_field_has_its_words_and_their_offsets():
    for item in explain().evidence:
        if item.start_char is not None:
            assert TEXT[item.start_char : item.end_char] == item.words
    assert [(item.field, item.value, item.words) for item in explain().evidence] == [
        ("type", "CONSULT visit, verbal cooperation", "met"),
        ("actor", "CHN.GOV", "China"),
        ("recipient", "JPN.GOV", "Japan"),
        ("place", "Tokyo (JPN)", "Tokyo"),
        ("date", "2018-04-23", None),
        ("realis", "asserted", None),
        ("said by", "-", None),
        ("contexts", "diplomatic,military", None),
        ("score", "4.0", None),
        ("confidence", "0.75", None),
    ]


def test_versions_that_are_others_now_are_told():
    told = explain(coder_version=CODER_VERSION, lexicon_version="old", model_version="gone-1.0")
    assert told.versions == {"coder": CODER_VERSION, "lexicon": "old", "model": "gone-1.0"}
    assert told.changed == {"lexicon": lexicon_version(), "model": "not installed"}


def test_the_passage_begins_and_ends_between_words():
    text = f"{'before ' * 100}China met Japan in Tokyo {'after ' * 100}"
    start, end = explain(text).passage
    assert "China met Japan in Tokyo" in text[start:end]
    assert set(text[start:end].split()) <= set(text.split())
    assert end - start < 500


def test_a_passage_of_one_endless_word_is_cut():
    text = f"{'x' * 1_000}met{'y' * 1_000} China Japan Tokyo"
    start, end = explain(text).passage
    assert text[start:end] == "met"
