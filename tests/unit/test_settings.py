import dataclasses
import json
from pathlib import Path

import pytest

from include.eventwire.settings import PROJECT_ROOT, Settings, SettingsError


def test_defaults_lie_in_the_project():
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert settings.lake == PROJECT_ROOT / "data/lake"
    assert settings.allowed_roots == (PROJECT_ROOT / "data/sample_landing",)


def test_reads_variables_and_resolves_paths_against_the_project():
    settings = Settings.from_environment(
        {
            "EVENTWIRE_LAKE": "/srv/lake",
            "EVENTWIRE_LANDING": "incoming/../landing",
            "EVENTWIRE_ARTICLES_PER_SHARD": "10",
            "EVENTWIRE_CODED_LANGUAGES": "en, DE",
        }
    )
    assert settings.lake == Path("/srv/lake")
    assert settings.landing == PROJECT_ROOT / "landing"
    assert settings.allowed_roots == (PROJECT_ROOT / "landing",)
    assert settings.articles_per_shard == 10
    assert settings.coded_languages == ("en", "de")


def test_lake_landing_area_and_roots_may_be_in_buckets():
    settings = Settings.from_environment(
        {
            "EVENTWIRE_LAKE": "s3://news/lake/",
            "EVENTWIRE_LANDING": "s3://news/landing",
            "EVENTWIRE_ALLOWED_ROOTS": "s3://news/landing:/srv/more:s3://other : incoming",
        }
    )
    assert [str(root) for root in settings.allowed_roots] == [
        "s3://news/landing", "/srv/more", "s3://other/", str(PROJECT_ROOT / "incoming"),
    ]  # fmt: skip
    assert str(settings.lake) == "s3://news/lake"
    assert settings.landing.parent == settings.lake.parent
    written = json.loads(json.dumps(dataclasses.asdict(settings), default=str))
    assert Settings.from_json(written) == settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVENTWIRE_LAKE", "s3://"),
        ("EVENTWIRE_LANDING", "s3://bucket//landing"),
        ("EVENTWIRE_ALLOWED_ROOTS", "/srv:s3://bucket/../landing"),
        ("EVENTWIRE_MAX_ARTICLE_CHARS", "many"),
        ("EVENTWIRE_MAX_RECORD_BYTES", "0"),
        ("EVENTWIRE_MAX_EXPANSION", "-1"),
        ("EVENTWIRE_CODED_LANGUAGES", "english"),
    ],
)
def test_names_the_variable_with_a_bad_value(name, value):
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: value})
