import pytest

from include.eventwire.codebook import load_codebook
from tests.quality.gate import read_floors, read_sentences, score_sentences


@pytest.mark.model
def test_the_coder_holds_the_pinned_scores():
    scores, floors = score_sentences(), read_floors()
    assert set(scores) == set(floors)
    fallen = {name: (score, floors[name]) for name, score in scores.items() if score < floors[name]}
    assert not fallen, "below the floor; see `python -m tests.quality.gate`"


def test_the_sentences_cover_every_type_and_mode_and_the_absence_of_events():
    rows = read_sentences()
    coded = {(event["type"], event["mode"]) for row in rows for event in row["events"]}
    for event_type in load_codebook().types.values():
        assert {(event_type.code, mode) for mode in event_type.modes} <= coded
    assert sum(not row["events"] for row in rows) >= 40
    assert len(rows) >= 150
