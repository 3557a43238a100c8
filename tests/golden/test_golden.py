import json

import pytest

from include.eventwire.codebook import load_codebook
from tests.golden.rows import SOURCES, golden_file, make_rows


@pytest.mark.model
@pytest.mark.parametrize("source", SOURCES)
def test_the_sample_gives_the_accepted_rows(source):
    accepted = golden_file(source).read_text(encoding="utf-8")
    assert json.loads(make_rows(source)) == json.loads(accepted), "see `make golden`"


def test_every_type_occurs_in_an_accepted_row():
    files = [json.loads(golden_file(source).read_text(encoding="utf-8")) for source in SOURCES]
    coded = {event["event_type"] for file in files for row in file for event in row["events"]}
    assert coded == set(load_codebook().types)
