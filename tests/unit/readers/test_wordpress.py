"""Exports of WordPress: which posts are articles, and their bodies."""

import pytest

from include.eventwire.readers import load_reader
from include.eventwire.readers.wordpress import body_of_post

POST = """<item><title>{title}</title><link>https://blog.example/{title}</link>
  <content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded></excerpt:encoded>
  <wp:post_id>7</wp:post_id><wp:status>{status}</wp:status>
  <wp:post_type>{kind}</wp:post_type></item>"""


def export(*posts):
    items = "".join(
        POST.format(title=f"post{n}", kind=kind, status=status, body=body)
        for n, (kind, status, body) in enumerate(posts, 1)
    )
    return (
        '<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Blog</title>'
        f"{items}</channel></rss>"
    ).encode()


def test_published_posts_are_articles_and_the_rest_rejects(make_context):
    data = export(
        ("post", "publish", "First.\n\nSecond <b>one</b>."),
        ("attachment", "inherit", "a.jpg"),
        ("nav_menu_item", "publish", "x"),
        ("post", "draft", "Not yet."),
        ("page", "private", "About."),
    )
    records = list(load_reader("feed")(make_context(data, "blog.xml")))
    assert [getattr(record, "reason", "article") for record in records] == [
        *("article", "not_an_article", "not_an_article", "not_an_article", "article")
    ]
    assert records[0].text == "First.\n\nSecond one."
    assert records[0].metadata == {
        "feed_title": "Blog",
        "post_id": "7",
        "post_type": "post",
        "status": "publish",
    }
    assert "'attachment'" in records[1].detail
    assert "'draft'" in records[3].detail


@pytest.mark.parametrize(
    ("stored", "body"),
    [
        ("[dropcap]T[/dropcap]he port", "The port"),
        ("a[contact_form]b", "ab"),
        ('[gallery ids="1,2"]a', "a"),
        ("[gallery]a", "a"),
        ("he said [sic] that [the port] was", "he said [sic] that [the port] was"),
        ('[caption id="1"]<img> The port[/caption]Then', "\n<p><img> The port\n<p>Then"),
        ("[1] and [2]", "[1] and [2]"),
        ("one\ntwo\r\n \r\nthree", "one\ntwo\r\n<p>three"),
    ],
)
def test_short_codes_are_no_text(stored, body):
    assert body_of_post(stored) == body
