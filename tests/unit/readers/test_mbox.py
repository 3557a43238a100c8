"""Mailboxes: where a mail begins, and that one mail at a time is in memory."""

import gzip

import pytest

from include.eventwire.readers import load_reader
from include.eventwire.settings import Settings

LINE = "From desk@harbour.example Tue Apr 24 10:30:00 2018\n"


def mail(subject, body="The harbour was closed."):
    return f"From: Desk <desk@harbour.example>\nSubject: {subject}\n\n{body}\n"


def box(*mails):
    return "".join(f"{LINE}{one}\n" for one in mails).encode()


@pytest.fixture
def read_box(make_context):
    """Return a function that reads the bytes of a mailbox."""

    def read_box(data, name="a.mbox", **options):
        return list(load_reader("mbox")(make_context(data, name, **options)))

    return read_box


def headlines(records):
    return [getattr(record, "headline", None) for record in records]


def test_reads_each_mail(read_box):
    records = read_box(box(mail("one"), mail("two"), mail("three")))
    assert headlines(records) == ["one", "two", "three"]
    assert [record.record_number for record in records] == [1, 2, 3]
    assert {record.text for record in records} == {"The harbour was closed."}


def test_a_compressed_mailbox_with_line_ends_of_mail(read_box):
    data = box(mail("one"), mail("two")).replace(b"\n", b"\r\n")
    assert headlines(read_box(gzip.compress(data), "a.mbox.gz")) == ["one", "two"]


@pytest.mark.parametrize("name", ["a.txt", "unnamed"])
def test_a_mailbox_is_told_by_its_head(make_context, name):
    assert make_context(box(mail("one")), name).file.format == "mbox"


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (">From Altona we hear more.", "From Altona we hear more."),
        (">>From Altona", ">From Altona"),
        ("From Altona we hear more.", "From Altona we hear more."),
        ("From Altona at 10:30: closed.", "From Altona at 10:30: closed."),
        ("> From Altona", "> From Altona"),
    ],
)
def test_lines_of_the_text_that_begin_with_from(read_box, stored, text):
    records = read_box(box(mail("one", f"News.\n\n{stored}\nMore."), mail("two")))
    assert headlines(records) == ["one", "two"]
    assert records[0].text == f"News.\n\n{text}\nMore."


@pytest.mark.parametrize(
    "line",
    [
        "From 1596@xxx Mon Apr 04 12:00:00 +0000 2011\n",
        "From user at example.com  Sun Jan  1 9:05:12 2001\n",
        "From - Tue Apr 24 10:30:00 2018\n",
        "From MAILER-DAEMON Tue Apr 24 10:30 MET 2018\n",
    ],
)
def test_lines_that_begin_a_mail(read_box, line):
    data = f"{line}{mail('one')}\n{line}{mail('two')}".encode()
    assert headlines(read_box(data)) == ["one", "two"]


def test_a_mail_over_the_limit_is_a_reject_and_the_next_are_read(read_box):
    # Longer than what is read at a time, so that it is dropped piece by piece.
    data = box(mail("one"), mail("long", "word " * 200_000), mail("two"), mail("long", "x" * 2_000))
    records = read_box(data, settings=Settings(max_record_bytes=1_000))
    assert headlines(records) == ["one", None, "two", None]
    assert [record.record_number for record in records] == [1, 2, 3, 4]
    assert {record.reason for record in records[1::2]} == {"too_large"}


def test_a_line_that_begins_a_mail_may_stand_anywhere_in_what_is_read_at_a_time(read_box):
    chunk = 256 * 1024
    for cut in range(0, len(LINE) + 12):
        first = mail("one", "x" * 70)
        length = chunk - len(LINE) - len(first) - 1 - cut
        data = box(first + "y" * length, mail("two"))
        assert headlines(read_box(data)) == ["one", "two"]


def test_a_broken_mail_sinks_no_other(read_box):
    data = box(
        mail("one"), "Subject: =?x?\n\n", "From: a\nContent-Type: text/html\n\n", mail("two")
    )
    records = read_box(data)
    assert headlines(records) == ["one", None, None, "two"]
    assert [record.reason for record in records[1:3]] == ["empty_text", "empty_text"]


def test_what_stands_before_the_first_mail_is_a_reject(read_box):
    records = read_box(b"not a mail\n\n" + box(mail("one")))
    assert headlines(records) == [None, "one"]
    assert records[0].reason == "broken_record"


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_an_empty_mailbox_has_no_records(read_box, data):
    assert read_box(data) == []
