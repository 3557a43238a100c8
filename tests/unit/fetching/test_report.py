from include.eventwire.fetching.errors import FetchError
from include.eventwire.fetching.report import FetchReport


def test_says_in_one_line_what_came_and_what_did_not():
    report = FetchReport("wire", "fetch-20260302T080700Z", n_feeds=3, n_not_modified=1)
    report.add_feed_failure("http://news.example/feed", FetchError("timeout", "too slow"))
    report.add_feed_failure("http://news.example/rest", FetchError("resting", "asked before"))
    for _ in range(2):
        report.add_page_failure("http://news.example/a", FetchError("robots", "forbidden"))
    assert report.describe() == (
        "wire: 3 feeds, 1 not modified, 0 new entries, 0 pages, 0 bytes, 1 feeds failed, "
        "1 feeds resting, 2 pages robots -> no file"
    )
    assert report.to_json()["failures"][0] == {
        "kind": "feed",
        "url": "http://news.example/feed",
        "reason": "timeout",
        "detail": "too slow",
    }


def test_counts_all_failures_and_lists_the_first():
    report = FetchReport("wire", "run")
    for number in range(1000):
        report.add_page_failure(f"http://news.example/{number}", FetchError("robots", "forbidden"))
    assert report.page_failures == {"robots": 1000}
    assert len(report.failures) == 200
