"""The notebook runs through on a lake that is made of the sample."""

import importlib.util

import pytest

from include.eventwire.cli import main
from include.eventwire.settings import PROJECT_ROOT

pytestmark = [pytest.mark.slow, pytest.mark.model]

NOTEBOOK = PROJECT_ROOT / "notebooks" / "first_findings.py"
SAMPLE = PROJECT_ROOT / "data" / "sample_landing"
DAY = "2018-04-24"


def run_notebook(lake, monkeypatch):
    """Return what the notebook shows, cell by cell, and the names that it defines."""
    monkeypatch.setenv("EVENTWIRE_LAKE", str(lake))
    spec = importlib.util.spec_from_file_location("first_findings", NOTEBOOK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app.run()


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """Code and summarise one day of the sample."""
    lake = tmp_path_factory.mktemp("findings") / "lake"
    inputs = [str(path) for path in sorted(SAMPLE.glob(f"*/dt={DAY}"))]
    assert main(["run", *inputs, "--lake", str(lake)]) == 0
    assert main(["summarise", "--lake", str(lake)]) == 0
    return lake


def test_three_findings_with_their_plots(lake, monkeypatch):
    outputs, defined = run_notebook(lake, monkeypatch)
    shown = "\n".join(str(getattr(output, "text", output)) for output in outputs)
    for title in ("What was the news?", "One event, how many reports?", "Who was on good terms"):
        assert title in shown
    assert defined["n_events"] > defined["n_conflict"] > 0
    assert defined["n_reports"] >= defined["n_clusters"] > defined["n_events"] // 2
    assert defined["ranked"]
    for name in ("news_chart", "reports_chart", "pairs_chart"):
        assert defined[name].to_dict()["mark"]["type"] == "bar"


def test_without_summaries_it_says_how_to_make_them(tmp_path, monkeypatch):
    outputs, defined = run_notebook(tmp_path, monkeypatch)
    assert "news_chart" not in defined
    assert any("include.eventwire summarise" in str(getattr(row, "text", row)) for row in outputs)
