"""Where the evaluation data lies beside the project, the figures of docs/quality.md hold."""

import re

import pytest

from benchmarks.open_gold import GOLD, load_scorer, predict, read_rows, score_sentences

pytestmark = [
    pytest.mark.gold,
    pytest.mark.model,
    pytest.mark.skipif(not GOLD.is_dir(), reason=f"the evaluation data is not at {GOLD}"),
]


@pytest.mark.parametrize(
    ("name", "floors"),
    [
        ("dev", {"type": 0.74, "who-whom": 0.33, "realis": 0.91, "date": 0.83, "place": 0.74}),
        ("train", {"type": 0.74, "who-whom": 0.27, "realis": 0.91, "date": 0.83, "place": 0.63}),
    ],
)
def test_whole_leads(name, floors):
    rows = read_rows(GOLD / "events" / f"{name}.jsonl")
    result = load_scorer("score_events").score(rows, list(predict(rows, name)))
    scores = result["f1"] | result["on_pairs"]
    assert {key: scores[key] for key, floor in floors.items() if scores[key] < floor} == {}
    assert result["articles_missing"] == 0


# The scorer of the data leaves its files open.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_single_sentences():
    gsr, _, plv = score_sentences().partition("|")
    scores = dict(re.findall(r"(type|quad|dyad|dyad\+type) (\d\.\d+)", gsr))
    found = re.search(r"type (\d\.\d+)", plv)
    assert float(scores["type"]) >= 0.80
    assert float(scores["dyad+type"]) >= 0.54
    assert float(found[1]) >= 0.73
