from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.records import Article
from include.eventwire.settings import Settings

STORY = (
    "The council of Port Amber voted on Monday for a levy on fishing boats.",
    "It takes effect in June and brings in about two million a year, the mayor said.",
    "Owners of small boats protested outside the town hall until the evening.",
)
HEAD = """<link rel="canonical" href="https://www.amber.example/news/levy">
<meta property="og:site_name" content="Amber Post"><meta property="og:type" content="article">
<meta name="author" content="By Ada Quill and Ben Marsh">
<meta property="article:published_time" content="2025-03-03T19:15:00+02:00">"""


def make_page(head=HEAD, story=STORY, before=""):
    body = "".join(f"<p>{paragraph}</p>" for paragraph in story)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Levy passed - Amber '
        f"Post</title>{head}</head><body>{before}<main><article><h1>Levy passed</h1>{body}"
        "</article></main></body></html>"
    ).encode()


def test_reads_all_fields(read_input):
    (article,) = read_input(make_page(), "page.html")
    assert isinstance(article, Article)
    assert article.text == "\n\n".join(STORY)
    assert article.headline == "Levy passed"
    assert article.byline == "Ada Quill, Ben Marsh"
    assert article.published_at.isoformat() == "2025-03-03T17:15:00+00:00"
    assert article.url == "https://www.amber.example/news/levy"
    assert article.language == "en"
    assert article.input_format == "html"
    assert article.record_number == 1


def test_publisher_of_the_source_counts_before_the_domain(read_input):
    head = HEAD.replace("amber.example", "amberpost.co.uk")
    (stated,) = read_input(make_page(head), "a.html", profile=SourceProfile(publisher="amber"))
    (derived,) = read_input(make_page(head), "b.html")
    assert (stated.publisher, derived.publisher) == ("amber", "amberpost.co.uk")


def test_address_that_a_browser_noted(read_input):
    saved = b"<!-- saved from url=(0036)https://www.amber.example/news/9 -->" + make_page(head="")
    (article,) = read_input(saved, "page.html")
    assert article.url == "https://www.amber.example/news/9"


def test_a_date_after_the_run_is_not_believed(read_input):
    page = make_page(HEAD.replace("2025-03-03", "2031-03-03"))
    (article,) = read_input(page, "page.html")
    assert article.published_at is None


def test_a_date_without_zone_is_in_that_of_the_source(read_input):
    page = make_page(HEAD.replace("+02:00", ""))
    (article,) = read_input(page, "page.html", profile=SourceProfile(time_zone="Asia/Tokyo"))
    assert article.published_at.isoformat() == "2025-03-03T10:15:00+00:00"


def test_too_large_page(read_input):
    (reject,) = read_input(make_page(), "page.html", settings=Settings(max_page_bytes=500))
    assert (reject.reason, reject.record_number) == ("too_large", 1)


def test_page_of_very_many_elements(read_input):
    page = b"<html><body>" + b"<br>" * 100_001 + b"</body></html>"
    (reject,) = read_input(page, "page.html")
    assert reject.reason == "too_large"
    assert "elements" in reject.detail


def test_page_without_text(read_input):
    page = b'<html><body><div id="app"></div><script>start()</script></body></html>'
    (reject,) = read_input(page, "page.html")
    assert (reject.reason, reject.stage) == ("empty_text", "read")


def test_page_that_is_no_article(read_input):
    page = (
        b"<html><head><title>404 Not Found</title></head><body><p>Sorry, nothing.</p></body></html>"
    )
    (reject,) = read_input(page, "page.html")
    assert reject.reason == "not_an_article"
    assert "404 Not Found" in reject.detail


def test_error_of_the_extractor_is_one_reject(read_input, monkeypatch):
    def fail(*_args, **_kwargs):
        raise AssertionError("a corner that nobody foresaw")

    monkeypatch.setattr("include.eventwire.web_pages.page_text.extract", fail)
    (reject,) = read_input(make_page(), "page.html")
    assert reject.reason == "unexpected_error"
    assert "nobody foresaw" in reject.detail


def test_slow_page_is_one_reject(read_input, monkeypatch):
    def never_end(*_args, **_kwargs):
        while True:
            pass

    monkeypatch.setattr("include.eventwire.web_pages.page_text.extract", never_end)
    (reject,) = read_input(make_page(), "page.html", settings=Settings(max_article_seconds=1))
    assert (reject.reason, reject.record_number) == ("took_too_long", 1)
