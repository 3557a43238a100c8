import pytest

from include.eventwire.fetching.robots import parse_robots

ROBOTS = """\ufeff# for all
User-agent: *
Disallow: /private/
Allow: /private/open
Disallow: /*?print=
Disallow: /*.pdf$
Disallow: /caf%C3%A9/
Crawl-delay: 2

User-Agent: Rivalbot
User-Agent: Eventwire/2.0
Disallow: /archive # not the archive
Crawl-Delay: 10
Sitemap: https://news.example/sitemap.xml
"""


@pytest.mark.parametrize(
    ("target", "is_allowed"),
    [
        ("/", True),
        ("/private/letter", False),
        ("/private/open-letter", True),
        ("/privateer", True),
        ("/story?print=1", False),
        ("/story?page=2", True),
        ("/report.pdf", False),
        ("/report.pdf?x=1", True),
        ("/café/menu", False),
        ("/caf%c3%a9/menu", False),
        ("/archive/1", True),
    ],
)
def test_the_longest_rule_decides(target, is_allowed):
    assert parse_robots(ROBOTS, "OtherNews").allow(target) is is_allowed


def test_a_group_of_its_own_stands_instead_of_the_general_one():
    rules = parse_robots(ROBOTS, "eventwire")
    assert not rules.allow("/archive/1")
    assert rules.allow("/private/letter")
    assert rules.crawl_delay == 10
    assert parse_robots(ROBOTS, "OtherNews").crawl_delay == 2


def test_groups_of_one_name_count_together():
    text = "User-agent: Eventwire\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\n"
    rules = parse_robots(text + "User-agent: eventwire\nDisallow: /b\n", "Eventwire")
    assert [rules.allow(path) for path in ("/a", "/b", "/c")] == [False, False, True]


@pytest.mark.parametrize(
    "text",
    ["", "<html>Not found</html>", "User-agent: *\nDisallow:\n", "Disallow: /\n", "\0\0"],
)
def test_without_a_rule_for_it_everything_is_allowed(text):
    assert parse_robots(text, "Eventwire").allow("/story")


def test_of_two_rules_as_long_the_one_that_allows_counts():
    rules = parse_robots("User-agent: *\nDisallow: /a\nAllow: /a\n", "Eventwire")
    assert rules.allow("/a")


def test_a_group_that_forbids_nothing_but_asks_for_a_pause_is_a_group():
    rules = parse_robots(
        "User-agent: *\nDisallow: /\nUser-agent: Eventwire\nCrawl-delay: soon\n", "Eventwire"
    )
    assert rules.allow("/story")
    assert rules.crawl_delay == 0


@pytest.mark.parametrize(
    ("pattern", "target", "matches"),
    [
        ("/a*b*c", "/axxbxxc/more", True),
        ("/a*b*c", "/axxcxxb", False),
        ("/a*c$", "/abcbc", True),
        ("/a*c$", "/abcb", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("*", "/anything", True),
        ("/*", "/", True),
        ("/ab*b$", "/ab", False),
        ("/" + "*a" * 60 + "$", "/" + "a" * 100 + "b", False),  # would take a regex ages
    ],
)
def test_stars_and_ends(pattern, target, matches):
    rules = parse_robots(f"User-agent: *\nDisallow: {pattern}\n", "Eventwire")
    assert rules.allow(target) is not matches
