"""Where the inputs of a request are looked for."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from include.eventwire.batches.plan import BatchRequest, read_plan
from include.eventwire.inputs.selection import InputError
from include.eventwire.jobs import plan_batch
from include.eventwire.settings import Settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings with one landed file, in a folder that holds a file of the same name."""
    landing = tmp_path / "landing"
    (landing / "wire").mkdir(parents=True)
    (landing / "wire" / "a.txt").write_text("landed")
    (tmp_path / "wire").mkdir()
    (tmp_path / "wire" / "a.txt").write_text("here")
    (tmp_path / "b.txt").write_text("here")
    monkeypatch.chdir(tmp_path)
    return replace(Settings(), landing=landing, allowed_roots=(landing,), lake=tmp_path / "lake")


def find(spec, settings, roots):
    request = BatchRequest(date(2018, 4, 24), inputs=(spec,))
    plan_path = plan_batch(request, settings, allowed_roots=roots)
    return read_plan(Path(plan_path)).files[0].path


def test_a_restricted_run_means_the_landing_area_wherever_it_was_started(settings):
    landed = settings.landing / "wire" / "a.txt"
    assert find("wire/a.txt", settings, None) == landed
    assert find("wire/*.txt", settings, None) == landed


@pytest.mark.parametrize("spec", ["b.txt", "wire/c.txt", "nowhere/*.txt"])
def test_a_restricted_run_says_where_it_looked(settings, spec):
    with pytest.raises(InputError, match=r"landing/.*no such file"):
        find(spec, settings, None)


def test_a_free_run_looks_where_it_was_called_first(settings, tmp_path):
    assert find("wire/a.txt", settings, ()).resolve() == tmp_path / "wire" / "a.txt"
    (tmp_path / "wire" / "a.txt").unlink()
    assert find("wire/a.txt", settings, ()) == settings.landing / "wire" / "a.txt"
