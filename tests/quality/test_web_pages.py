"""Where the evaluation data and its pages lie beside the project, web pages are read this well."""

import gzip
import json

import pytest

from benchmarks.web_pages import compare_bodies, find_missing, score_set, sum_up


@pytest.mark.parametrize(
    ("gold", "found", "shares"),
    [
        ("a b c d e", "a b c d e", (1, 0, 0)),
        ("a b c d e", "a b c d", (1 / 2, 0, 1 / 2)),
        ("a b c d", "x a b c d", (1 / 2, 1 / 2, 0)),
        ("a b c d a b c d", "a b c d", (1 / 5, 0, 4 / 5)),  # counted as often as it occurs
        ("a, b. c!", "a b c", (1, 0, 0)),
        ("a b c d", "", (0, 0, 1)),
        ("", "", (0, 0, 0)),
    ],
)
def test_the_measure(gold, found, shares):
    assert compare_bodies(gold, found) == pytest.approx(shares)


def test_a_set_is_scored_page_by_page(tmp_path, monkeypatch):
    story = (
        "The council of Port Amber voted for a levy on boats.",
        "It takes effect in June, the mayor said on Monday.",
    )
    page = (
        '<html><head><title>Levy passed</title><meta name="author" content="By Ada Quill">'
        '<meta property="article:published_time" content="2025-03-03T19:15:00+02:00"></head><body>'
        f"<article><h1>Levy passed</h1><p>{story[0]}</p><p>{story[1]}</p></article></body></html>"
    )
    refused = "<html><head><title>404 Not Found</title></head><body><p>Nothing.</p></body></html>"
    gold = {
        "text": "\n".join(story),
        "title": "Levy passed",
        "authors": ["Ada Quill", "Ben Marsh"],
        "publishing_date": "2025-03-03 19:15:00+02:00",
        "crawl_date": "2025-03-04 06:00:00",
        "url": "https://www.amber.example/news/levy",
    }
    folder = tmp_path / "html"
    folder.mkdir()
    monkeypatch.setattr("benchmarks.web_pages.GOLD", folder)
    rows = [{**gold, "id": name, "html": f"html/{name}.html.gz"} for name in ("good", "bad")]
    (folder / "fundus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert find_missing("fundus") == f"2 of its 2 pages are not at {folder}"
    (folder / "good.html.gz").write_bytes(gzip.compress(page.encode()))
    (folder / "bad.html.gz").write_bytes(gzip.compress(refused.encode()))
    assert find_missing("fundus") is None
    found = sum_up(score_set("fundus"))
    # Precision is over pages with a text; a refused page counts as missed in all else.
    assert (found["precision"], found["recall"], found["token_f1"]) == (1.0, 0.5, 0.5)
    assert found["f1"] == pytest.approx(2 / 3)
    assert (found["headline"], found["day"], found["pages"]) == (0.5, 0.5, 2)
    assert found["byline"] == pytest.approx((2 / 3 + 0) / 2)


@pytest.mark.slow
@pytest.mark.gold
@pytest.mark.parametrize(
    ("name", "floors"),
    [("aeb", {"f1": 0.955}), ("fundus", {"f1": 0.945, "day": 0.95})],
)
def test_pages_beside_the_project(name, floors):
    if reason := find_missing(name):
        pytest.skip(reason)
    scores = sum_up(score_set(name))
    assert {key: scores[key] for key, floor in floors.items() if scores[key] < floor} == {}
