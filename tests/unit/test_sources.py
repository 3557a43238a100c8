from pathlib import Path

import pytest

from include.eventwire.settings import Settings
from include.eventwire.sources import SourceProfile, SourcesError, load_sources


def test_the_sources_of_the_sample_load():
    sources = load_sources(Settings().sources)
    path = Path("/any/pacific_daily/dt=2018-04-24/part-1.jsonl.zst")
    assert sources.profile_for(path).fields["text"] == "story"
    assert sources.named("harbour_times").headline_on_first_line


def test_a_path_of_no_source_has_the_default_profile():
    assert load_sources(Settings().sources).profile_for(Path("/x/y.csv")) == SourceProfile()


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("[[source]]\npublisher = 'x'", "'name' is missing"),
        ("[[source]]\nname = 'x'\ntime_zone = 'Mars/Olympus'", "'time_zone'"),
        ("[[source]]\nname = 'x'\nformat = 'docx'", "'format'"),
        ("[[source]]\nname = 'x'\nencoding = 'klingon'", "'encoding'"),
        ("[[source]]\nname = 'x'\ndelimiter = ';;'", "'delimiter'"),
        ("[[source]]\nname = 'x'\npath = '../x'", "'path'"),
        ("[[source]]\nname = 'x'\ncolour = 'red'", "'colour'"),
        ("[[source]]\nname = 'x'\ndated_by_folder = 'yes'", "'dated_by_folder'"),
        ("[[source]]\nname = 'x'\n[source.fields]\nbody = 'b'", "'fields.body'"),
        ("[[source]]\nname = 'x'\n[[source]]\nname = 'x'", "occurs twice"),
        ("[source]\nname = 'x'", r"\[\[source\]\]"),
        ("name = ", "cannot be read"),
    ],
)
def test_names_the_file_and_the_key_of_a_mistake(tmp_path, toml, named):
    path = tmp_path / "sources.toml"
    path.write_text(toml)
    with pytest.raises(SourcesError, match=named) as caught:
        load_sources(path)
    assert str(path) in str(caught.value)
