"""Mails: which part is the text, what the headers state, and which mails hold no story."""

import base64
import quopri
from datetime import UTC, datetime

import pytest

from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import load_reader
from include.eventwire.readers.raw import RawArticle
from include.eventwire.settings import Settings

BODY = "The harbour of Altona was closed on Friday after dockers walked out, the port said."
HEAD = "From: Harbour News <desk@harbour.example>\r\nSubject: Dockers walk out\r\n"


def mail(body=BODY, *headers, head=HEAD):
    lines = "".join(f"{header}\r\n" for header in headers)
    return f"{head}{lines}\r\n{body}\r\n".encode()


def parts(kind, *inner, head=HEAD):
    """Return a mail of that multipart kind; each part is its headers, a blank line and its body."""
    inside = "".join(f"--cut\r\n{part}\r\n" for part in inner)
    return f'{head}Content-Type: multipart/{kind}; boundary="cut"\r\n\r\n{inside}--cut--'.encode()


PLAIN = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{BODY}"
RICH = f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>{BODY}</p><p>It was the first time.</p>"
PICTURE = "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw=="


@pytest.fixture
def read_mail(make_context):
    """Return a function that reads the bytes of one mail."""

    def read_mail(data, name="a.eml", **options):
        context = make_context(data, name, **options)
        (record,) = load_reader(context.file.format)(context)
        return record

    return read_mail


def test_the_headers_state_the_fields(read_mail):
    article = read_mail(
        mail(
            BODY,
            "Date: Tue, 24 Apr 2018 10:30:00 +0200 (CEST)",
            "Message-ID: <17.3@harbour.example>",
            "List-Id: Harbour <daily.harbour.example>",
            "Content-Language: en-GB",
            "Archived-At: <https://harbour.example/17>",
            "Keywords: port, strike",
            "X-Desk: shipping",
            "X-Spam-Score: 0.1",
            "To: a@reader.example",
        )
    )
    assert article == RawArticle(
        record_number=1,
        text=BODY,
        source_id="17.3@harbour.example",
        url="https://harbour.example/17",
        headline="Dockers walk out",
        publisher="Harbour News",
        language="en-GB",
        published_at="Tue, 24 Apr 2018 10:30:00 +0200",
        metadata={
            "from": "Harbour News <desk@harbour.example>",
            "list_id": "Harbour <daily.harbour.example>",
            "keywords": ["port", "strike"],
            "x_desk": "shipping",
        },
    )


def test_it_becomes_an_article(read_input):
    (article,) = read_input(mail(BODY, "Date: Tue, 24 Apr 2018 10:30:00 -0500"), "a.eml")
    assert article.published_at == datetime(2018, 4, 24, 15, 30, tzinfo=UTC)
    assert (article.headline, article.text) == ("Dockers walk out", BODY)


@pytest.mark.parametrize(
    ("written", "headline"),
    [
        ("=?utf-8?B?S8O2bG4gcsOkdW10?=", "Köln räumt"),
        ("=?iso-8859-1?Q?K=F6ln?= =?iso-8859-1?Q?_r=E4umt?= die Stadt", "Köln räumt die Stadt"),
        ("=?windows-1251?Q?=CF=EE=F0=F2?=", "Порт"),
        ("=?no-such-set?Q?K=C3=B6ln?=", "Köln"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
        ("Köln räumt", "Köln räumt"),
        ("A long\r\n\tsubject", "A long subject"),
    ],
)
def test_subjects_are_decoded(read_mail, written, headline):
    head = f"From: a@b.example\r\nSubject: {written}\r\n"
    assert read_mail(mail(head=head)).headline == headline


def test_plain_text_comes_before_html(read_mail):
    assert read_mail(parts("alternative", PLAIN, RICH)).text == BODY


@pytest.mark.parametrize(
    "stub", ["", "View this mail in your browser: https://harbour.example/view?id=" + "9" * 300]
)
def test_a_stub_gives_way_to_html(read_mail, stub):
    plain = f"Content-Type: text/plain\r\n\r\n{stub}"
    article = read_mail(parts("alternative", plain, RICH))
    assert article.text == f"{BODY}\n\nIt was the first time."


@pytest.mark.parametrize(
    "html",
    [
        f"<style>p {{}}</style><p>{BODY}</p>",
        f'<html><body><div style="max-height:0; display: none">Dockers out</div><p>{BODY}</p>',
        f'<span hidden>Dockers <b style="DISPLAY:NONE">out</b></span>{BODY}<!-- end -->',
    ],
)
def test_html_alone_becomes_text_without_what_it_hides(read_mail, html):
    assert read_mail(mail(html, "Content-Type: text/html; charset=utf-8")).text == BODY


@pytest.mark.parametrize(
    ("charset", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "“Häfen” sind zu"),
        ("us-ascii", "utf-8", "Häfen sind zu"),
        ("koi8-r", "koi8-r", "Порт закрыт"),
        ("gb2312", "gb2312", "港口关闭"),
        ("unknown-8bit", "utf-8", "Häfen sind zu"),
        ("undefined", "utf-8", "Häfen sind zu"),
    ],
)
@pytest.mark.parametrize("transfer", ["8bit", "base64", "quoted-printable"])
def test_bodies_are_decoded(read_mail, charset, encoding, text, transfer):
    data = text.encode(encoding)
    encoders = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}
    body = encoders.get(transfer, bytes)(data)
    head = mail(
        "",
        f'Content-Type: text/plain; charset="{charset}"',
        f"Content-Transfer-Encoding: {transfer}",
    )
    assert read_mail(head.rstrip() + b"\r\n\r\n" + body).text == text


def test_flowed_lines_are_joined(read_mail):
    flowed = (
        "The harbour was \r\nclosed on Friday.\r\n\r\n From Altona, \r\nour desk\r\n-- \r\nDesk"
    )
    data = mail(flowed, "Content-Type: text/plain; format=flowed")
    assert read_mail(data).text == (
        "The harbour was closed on Friday.\n\nFrom Altona, our desk\n-- \nDesk"
    )


def test_spaces_of_flowed_lines_are_dropped_where_it_says_so(read_mail):
    data = mail(
        "港口 \r\n关闭", "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes"
    )
    assert read_mail(data).text == "港口关闭"


def test_parts_follow_one_another_and_attachments_are_counted(read_mail):
    footer = "Content-Type: text/plain\r\n\r\nHarbour News, Altona"
    notes = "Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nnot this"
    article = read_mail(parts("mixed", PLAIN, PICTURE, notes, footer))
    assert article.text == f"{BODY}\n\nHarbour News, Altona"
    assert article.metadata["attachments"] == ["image/png", "text/plain"]
    assert article.metadata["n_attachments"] == 2


def test_the_root_of_related_parts_is_the_text(read_mail):
    assert read_mail(parts("related", RICH, PICTURE)).text.startswith(BODY)


def test_a_forwarded_mail_is_read_as_that_mail(read_mail):
    inner = f"Content-Type: message/rfc822\r\n\r\n{mail(head=HEAD).decode()}"
    outer = "From: colleague@x.example\r\nSubject: Fwd\r\n"
    article = read_mail(parts("mixed", inner, head=outer))
    assert (article.headline, article.text) == ("Dockers walk out", BODY)


def test_a_comment_of_the_sender_is_the_text_of_a_mail_that_attaches_one(read_mail):
    inner = f"Content-Type: message/rfc822\r\n\r\n{mail('Other text').decode()}"
    article = read_mail(parts("mixed", PLAIN, inner))
    assert article.text == BODY
    assert article.metadata["attachments"] == ["message/rfc822"]


CALENDAR = "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"
STATUS = "Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n"


@pytest.mark.parametrize(
    ("data", "reason", "word"),
    [
        (parts("alternative", PLAIN, RICH, CALENDAR), "not_an_article", "calendar invitation"),
        (parts("report", PLAIN, STATUS), "not_an_article", "report of delivery"),
        (mail(head="From: MAILER-DAEMON@x.example\r\n"), "not_an_article", "report of delivery"),
        (mail(BODY, "Auto-Submitted: auto-replied"), "not_an_article", "automatic reply"),
        (parts("encrypted", PICTURE), "not_an_article", "encrypted"),
        (parts("mixed", PICTURE), "empty_text", "image/png"),
        (mail(""), "empty_text", "no text"),
        (b"no header at all", "broken_record", "header lines"),
        (b"", "broken_record", "header lines"),
        (mail("\udcff".encode("utf-8", "surrogatepass").decode("latin-1")), None, ""),
    ],
)
def test_mails_without_a_story_say_why(read_mail, data, reason, word):
    record = read_mail(data)
    assert getattr(record, "reason", None) == reason
    assert word in getattr(record, "detail", "")


def test_a_digest_says_what_it_is(read_mail):
    inner = f"Content-Type: message/rfc822\r\n\r\n{mail().decode()}"
    reject = read_mail(parts("digest", inner, inner))
    assert (reject.reason, "digest of 2 mails" in reject.detail) == ("not_an_article", True)


def test_an_event_attached_to_a_newsletter_makes_it_no_invitation(read_mail):
    event = CALENDAR.replace("\r\n\r\n", "\r\nContent-Disposition: attachment\r\n\r\n")
    assert read_mail(parts("mixed", PLAIN, event)).text == BODY


def test_bytes_that_are_no_text_are_a_reject(read_mail):
    noise = bytes(range(1, 9)) * 200 + b"\xff\xfe\x81"
    reject = read_mail(HEAD.encode() + b"Content-Type: text/plain\r\n\r\n" + noise)
    assert (reject.stage, reject.reason) == ("decode", "undecodable_text")


@pytest.mark.parametrize("name", ["a.txt", "a.eml", "unnamed"])
def test_blank_lines_before_the_headers_are_passed_over(read_mail, name):
    article = read_mail(b"   \r\n\r\n" + mail(), name)
    assert (article.headline, article.text) == ("Dockers walk out", BODY)


@pytest.mark.parametrize(
    "text",
    [
        b"From Altona our desk reports:\nNote: it rains.\n",
        b"Note: it rains.\nPlace: Altona\n\nThe harbour was closed.\n",
        b"The harbour was closed.\nDate: Friday\nSubject: none\n",
    ],
)
def test_other_texts_are_no_mail(make_context, text):
    assert make_context(text, "a.txt").file.format == "plain_text"


def test_nesting_without_end_is_a_reject(read_mail):
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(3_000)
    )
    reject = read_mail(f"From: a@x.example\n{head}".encode())
    assert (reject.reason, "nested" in reject.detail) == ("broken_record", True)


def test_html_beyond_the_limit_is_a_reject(read_mail):
    data = mail("<b>" * 200_000, "Content-Type: text/html")
    assert read_mail(data).reason == "too_large"
    assert read_mail(data, settings=Settings(max_record_bytes=1_000)).reason == "too_large"


def test_the_declared_publisher_comes_before_the_sender(read_mail):
    assert read_mail(mail(), profile=SourceProfile(publisher="harbour")).publisher == "harbour"


@pytest.mark.parametrize(
    ("sender", "publisher"),
    [
        ("Harbour News <desk@harbour.example>", "Harbour News"),
        ('"News, Harbour" <desk@harbour.example>', "News, Harbour"),
        ("=?utf-8?q?M=C3=BCller=2C_Anna?= <a@x.example>", "Müller, Anna"),
        ("Müller <a@x.example>", "Müller"),
        ("desk@harbour.example", "desk@harbour.example"),
        ("desk@harbour.example (Harbour News)", "Harbour News"),
        ("", None),
    ],
)
def test_the_sender_is_the_publisher(read_mail, sender, publisher):
    assert read_mail(mail(head=f"Subject: a\r\nFrom: {sender}\r\n")).publisher == publisher


FORM_LINES = f"""Headline: Dockers walk out
Category: Shipping
Priority: 3
By-line: A. Reporter

Legal flag: LEGAL
Story:
{BODY}

The union: no comment."""


def test_a_form_of_lines_is_read_by_its_fields(read_mail):
    profile = SourceProfile(fields={"text": "story", "byline": "by-line"})
    article = read_mail(mail(FORM_LINES), profile=profile)
    assert article.headline == "Dockers walk out"
    assert article.text == f"{BODY}\n\nThe union: no comment."
    assert article.byline == "A. Reporter"
    assert article.metadata["category"] == "Shipping"
    assert article.metadata["legal_flag"] == "LEGAL"


def test_a_form_of_json_is_read_by_its_fields(read_mail):
    form = (
        '{"Headline": ["Bridge opens"], "Body": ["The bridge\r\nopened."], "News Value": ["2"],'
        ' "Desk": "Local", "Place": ["ALTONA", "HAMBURG"], "Note": [""], "Deep": {"a": 1}}'
    )
    article = read_mail(mail(form, "Date: Tue, 24 Apr 2018 10:30:00 +0200"))
    assert (article.headline, article.text) == ("Bridge opens", "The bridge\nopened.")
    assert article.published_at == "Tue, 24 Apr 2018 10:30:00 +0200"
    assert article.metadata == {
        "from": "Harbour News <desk@harbour.example>",
        "urgency": "2",
        "desk": "Local",
        "place": ["ALTONA", "HAMBURG"],
    }


@pytest.mark.parametrize(
    "body",
    [
        "Note: the harbour is closed.\n\nMore follows.",
        "Headline: a\nmore\nBody: b",
        "Body: b\nHeadline: a",
        '{"Headline": "a"',
        "[" * 5_000,
        '{"a":' * 5_000,
    ],
)
def test_what_is_no_form_is_running_text(read_mail, body):
    assert read_mail(mail(body)).text == body


@pytest.mark.parametrize("form", ['{"Headline": ["Bridge opens"]}', '{"a": 1}', "{}"])
def test_json_without_a_text_is_a_reject(read_input, form):
    (reject,) = read_input(mail(form), "a.eml")
    assert (reject.reason, reject.record_number) == ("empty_text", 1)


def test_a_field_of_the_wrong_kind_is_named(read_mail):
    reject = read_mail(mail('{"Headline": "a", "Body": 3}'))
    assert reject.reason == "broken_record"
    assert "text is a number" in reject.detail
