"""Two hundred users trigger small batches within a minute."""

import io

import pytest
from rich.console import Console

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.verification import verify_lake
from include.eventwire.local_airflow.home import find_free_port, prepare_home
from include.eventwire.local_airflow.sessions import open_session
from tests.chaos.crowd import (
    Watching,
    count_locked,
    land_batches,
    stored_articles,
    trigger_all,
    wait_for_runs,
)

pytestmark = [pytest.mark.chaos]

N_BATCHES = 200
ARTICLES_EACH = 3
# 12 of each batch's tasks take two cores some seconds; this is for a machine that does more.
SECONDS = 3 * 3_600.0


@pytest.mark.timeout(SECONDS + 600)
def test_two_hundred_batches_triggered_in_a_minute_all_end_right(tmp_path, monkeypatch, capsys):
    names = land_batches(tmp_path / "landing", N_BATCHES, ARTICLES_EACH)
    monkeypatch.setenv("EVENTWIRE_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("EVENTWIRE_LANDING", str(tmp_path / "landing"))
    monkeypatch.delenv("EVENTWIRE_ALLOWED_ROOTS", raising=False)
    home, port = prepare_home(tmp_path / "home"), find_free_port()
    with (
        open_session(home, Console(file=io.StringIO()), port=port, scheduled=False) as (api, own),
        Watching(home, port, own) as seen,
    ):
        runs, seconds = trigger_all(api, names, seconds=50)
        states = wait_for_runs(api, runs, SECONDS)
    with capsys.disabled():
        print(f"\n{len(runs)} runs triggered in {seconds:.0f} s; {dict(states)}; {seen.tell()}; ")
        print(f"locked database: {count_locked(home)} lines")
    assert states == {"success": N_BATCHES}
    assert verify_lake(LakeLayout(tmp_path / "lake")) == []
    stored = stored_articles(tmp_path / "lake")
    assert len(stored) == N_BATCHES * ARTICLES_EACH
    assert set(stored.values()) == {1}
    assert not seen.refused
