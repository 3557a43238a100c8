"""Where the evaluation data lies beside the project, the figures of docs/cleaning.md hold."""

import gzip
import json
import re
from datetime import date

import pytest

from benchmarks.open_gold import GOLD
from include.eventwire.cleaning.datelines import find_dateline
from include.eventwire.cleaning.languages import choose_language, detect_language
from include.eventwire.cleaning.text_repair import repair_text

pytestmark = [
    pytest.mark.gold,
    pytest.mark.skipif(not GOLD.is_dir(), reason=f"the evaluation data is not at {GOLD}"),
]


def read_bulk(name):
    with gzip.open(GOLD / "bulk" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [row for row in map(json.loads, file) if row["text"].strip()]


@pytest.fixture(scope="module")
def wire():
    return read_bulk("reuters21578")


@pytest.mark.parametrize(("declared", "most"), [(None, 220), ("en", 12)])
def test_stories_of_a_wire_are_english(wire, declared, most):
    found = [choose_language(row["text"], declared, row["title"]).code for row in wire]
    assert len(found) == 21_577
    assert len(found) - found.count("en") <= most


def test_other_english_articles_are_english():
    found = [choose_language(row["text"], None, row["title"]) for row in read_bulk("mixed")]
    assert sum(language.code != "en" for language in found) <= 6


def test_sentences_of_other_languages_are_told_apart():
    lines = (GOLD / "html" / "fundus.jsonl").read_text(encoding="utf-8").splitlines()
    sentences = []
    for text in (json.loads(line)["text"] for line in lines):
        language, score = detect_language(text)
        if score >= 0.8 and language != "en":
            sentences += [(language, part) for part in re.split(r"(?<=[.!?。])\s+|\n", text)]
    long = [(code, text) for code, text in sentences if sum(map(str.isalpha, text)) >= 40]
    assert len(long) > 1_000
    found = [(code, choose_language(text, None).code) for code, text in long]
    assert sum(code == detected for code, detected in found) >= 0.975 * len(long)
    assert not [code for code, detected in found if detected == "en"]
    # A source that declares English wrongly hides few of them.
    believed = [choose_language(text, "en").code for _, text in long]
    assert believed.count("en") <= 0.07 * len(long)


def test_datelines_are_read_and_none_is_seen_where_there_is_none(wire):
    n_read = n_printed = 0
    for row in wire:
        day = date.fromisoformat(row["date"][:10])
        assert find_dateline(row["text"], day) is None
        if row["dateline"]:
            n_printed += 1
            found = find_dateline(f"{row['dateline']} - {row['text']}", day)
            n_read += found is not None and found.end_char == len(row["dateline"]) + 3
    assert n_read >= 0.98 * n_printed


def test_good_prose_is_not_repaired(wire):
    assert sum(repair_text(row["text"]) != row["text"] for row in wire) <= 1
