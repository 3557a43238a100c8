import pytest

from include.eventwire.fetching.limits import DEFAULT_USER_AGENT, FetchLimits
from include.eventwire.settings import Settings, SettingsError


def test_the_environment_sets_limits(tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    limits = FetchLimits.from_environment(
        Settings(max_page_bytes=1000),
        {
            "EVENTWIRE_USER_AGENT": "NewsLab/2 (mail@lab.example)",
            "EVENTWIRE_MAX_FEED_BYTES": "5000",
            "EVENTWIRE_FETCH_SECONDS": "7",
            "EVENTWIRE_CA_BUNDLE": str(bundle),
        },
    )
    assert limits.user_agent == "NewsLab/2 (mail@lab.example)"
    assert limits.robots_name == "NewsLab"
    assert (limits.max_page_bytes, limits.max_feed_bytes, limits.total_seconds) == (1000, 5000, 7)
    assert limits.ca_bundle == str(bundle)


def test_empty_values_count_as_unset():
    limits = FetchLimits.from_environment(Settings(), {"EVENTWIRE_USER_AGENT": " "})
    assert limits == FetchLimits()
    assert limits.user_agent == DEFAULT_USER_AGENT
    assert limits.robots_name == "Eventwire"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVENTWIRE_USER_AGENT", "News\r\nX-Injected: 1"),
        ("EVENTWIRE_USER_AGENT", "Nachrichtenl\u00e4ufer"),
        ("EVENTWIRE_USER_AGENT", "(nobody)"),
        ("EVENTWIRE_MAX_FEED_BYTES", "0"),
        ("EVENTWIRE_MAX_FEED_BYTES", "16M"),
        ("EVENTWIRE_FETCH_SECONDS", "-1"),
        ("EVENTWIRE_CA_BUNDLE", "/nowhere/ca.pem"),
    ],
)
def test_a_bad_value_is_named(name, value):
    with pytest.raises(SettingsError, match=name):
        FetchLimits.from_environment(Settings(), {name: value})
