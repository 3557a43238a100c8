"""One run over a folder of a day in which good articles lie among hostile files."""

import gzip
import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.settings import PROJECT_ROOT
from tests.fuzz.seeds import SEEDS
from tests.lake_rows import DAY

pytestmark = [pytest.mark.model, pytest.mark.slow]

N_EMPTY = 50_000
MOST_BYTES = 1_000_000_000
SECRET = Path("/etc/passwd")
# Runs what follows and tells the most memory that a process of it, or of its children, took.
MEASURED = (
    "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); "
    "print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
)
TEXT_FORMATS = {
    "agency_xml": ".xml",
    "anpa": ".anpa",
    "ap_media": ".json",
    "csv": ".csv",
    "email": ".eml",
    "feed": ".rss",
    "html": ".html",
    "iptc7901": ".txt",
    "json_feed": ".json",
    "json_records": ".json",
    "jsonl": ".jsonl",
    "mbox": ".mbox",
    "newsml_1": ".xml",
    "newsml_g2": ".xml",
    "ninjs": ".json",
    "nitf": ".xml",
    "plain_text": ".txt",
}


def story(place):
    return f"The council of {place} voted on Monday for a levy on fishing boats, the mayor said."


def line(text, **fields):
    return json.dumps({"text": text, **fields}).encode() + b"\n"


def make_zip(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def make_tar(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for header, data in members:
            if header.isreg():
                header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return buffer.getvalue()


def link(name, target):
    header = tarfile.TarInfo(name)
    header.type, header.linkname = tarfile.SYMTYPE, target
    return header


def lying_zstd(data):
    """Compress `data` and write into the header that it has twenty bytes."""
    frame = bytearray(zstandard.ZstdCompressor().compress(data))
    assert zstandard.frame_content_size(bytes(frame)) == len(data)
    single = frame[4] & 0x20  # then no byte tells the window
    struct.pack_into("<I", frame, 5 if single else 6, 20)
    assert zstandard.frame_content_size(bytes(frame)) == 20
    return bytes(frame)


def nested_entities():
    rows = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return f'<!DOCTYPE nitf [<!ENTITY l0 "ha">{rows}]><nitf><body>&l9;</body></nitf>'.encode()


def write_good_files(folder):
    """Write one article in every format that is text; return their names."""
    for number, (format_, suffix) in enumerate(TEXT_FORMATS.items()):
        # Each of another town: the same text twice is one article and its copy.
        seed = SEEDS[format_][0].replace(b"Port Amber", b"Northport %d" % number)
        (folder / f"{format_}{suffix}").write_bytes(seed)
    return {f"good/{format_}{suffix}" for format_, suffix in TEXT_FORMATS.items()}


def hostile_files():
    """Return files by name, with what is to become of them: reasons of rejects and articles."""
    spaces = b" " * 250_000_000
    passwd = f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file://{SECRET}">]>'
    whole = gzip.compress(
        b"".join(line(story(f"K{n}"), filling=os.urandom(20_000).hex()) for n in range(40))
    )
    page = b"<html><body>" + b"<p>Filling of a page that is too large.</p>" * 500_000
    title = b"<title>&lt;b&gt;Levy&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt; passed</title>"
    feed = SEEDS["feed"][0].replace(b"Port Amber", b"Feedport")
    return {
        "bomb.zip": (make_zip([("a.txt", spaces), ("b.txt", story("B"))]), ["too_large"], 1),
        "bomb.jsonl.gz": (gzip.compress(line(story("G")) + spaces, 6), ["too_large"], 1),
        "lie.jsonl.zst": (lying_zstd(spaces), ["unreadable_file"], 0),
        "laughs.xml": (nested_entities(), ["unsafe_input"], 0),
        "external.xml": (
            f"{passwd}<nitf><body><body.content><p>&x;</p></body.content></body></nitf>".encode(),
            ["unsafe_input"],
            0,
        ),
        "line.jsonl": (
            line(story("L1")) + b'{"text": "' + b"x" * 100_000_000 + b'"}\n' + line(story("L2")),
            ["text_too_long"],
            2,
        ),
        "field.csv": (
            f"id,text\n1,{story('C1')!r}\n2,{'long ' * 1_000_000}\n3,{story('C2')!r}\n".replace(
                "'", '"'
            ).encode(),
            ["text_too_long"],
            2,
        ),
        "deep.jsonl": (b"[" * 1_000_000 + b"\n" + line(story("D")), ["broken_record"], 1),
        "deep.json": (b'{"text":' * 100_000, ["broken_record"], 0),
        "paths.zip": (
            make_zip([("../out.txt", "trap"), ("/tmp/out.txt", "trap"), ("in.txt", story("P"))]),
            ["unsafe_input", "unsafe_input"],
            1,
        ),
        "paths.tar.gz": (
            gzip.compress(
                make_tar(
                    [
                        (tarfile.TarInfo("../../out.txt"), b"trap"),
                        (link("passwd.txt", str(SECRET)), b""),
                        (tarfile.TarInfo("in.txt"), story("T").encode()),
                    ]
                )
            ),
            ["unsafe_input", "unsafe_input"],
            1,
        ),
        "nul.txt": (bytes(100_000), ["undecodable_text"], 0),
        "surrogates.jsonl": (
            line("half \ud83d") + line(story("S"), title="\udc00") + line(story("S")),
            ["undecodable_text", "undecodable_text"],
            1,
        ),
        "page.html": (page, ["too_large"], 0),
        "title.rss": (feed.replace(b"<title>Levy &amp; more</title>", title), [], 1),
        "long.txt": (b"a " * 500_000 + b"b", ["text_too_long"], 0),
        "cut.jsonl.gz": (whole[:-200], ["unreadable_file"], None),
        "cut.tar": (
            make_tar([(tarfile.TarInfo("a.txt"), story("A").encode())])[:1100],
            ["unreadable_file"],
            1,
        ),
        "picture.html": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, None, 0),
        "page.parquet": (SEEDS["html"][0], ["unreadable_file"], 0),
        "archive.jsonl": (make_zip([("a.txt", story("W"))]), None, 0),
    }


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the day; return its lake, the peak in bytes and what the run printed."""
    folder = tmp_path_factory.mktemp("hostile")
    day = folder / "landing" / f"dt={DAY}"
    for name in ("good", "bad", "empty"):
        (day / name).mkdir(parents=True)
    good = write_good_files(day / "good")
    cases = hostile_files()
    for name, (data, _, _) in cases.items():
        (day / "bad" / name).write_bytes(data)
    (day / "bad" / "passwd.txt").symlink_to(SECRET)
    (day / "bad" / "broken.txt").symlink_to(day / "nothing")
    (day / "bad" / "round.txt").symlink_to(day / "bad" / "round.txt")
    os.mkfifo(day / "bad" / "pipe.json")
    for number in range(N_EMPTY):
        (day / "empty" / f"{number}.json").touch()
    lake = folder / "lake"
    command = [sys.executable, "-m", "include.eventwire", "run", day, "--lake", lake, "--json"]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, command), "--workers", "2"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    peak = int(done.stdout.rsplit("peak", 1)[1]) * 1024
    return LakeLayout(lake), good, {name: case[1:] for name, case in cases.items()}, peak


def rows(layout, table):
    path = layout.table_file(table, DAY, "daily")
    found = pq.read_table(path, partitioning=None).to_pylist()
    for row in found:
        row["place"] = row.get("input_uri", "").partition(f"dt={DAY}/")[2]
    return found


def test_the_run_takes_less_than_a_gigabyte(run):
    assert run[3] < MOST_BYTES


def test_every_good_article_comes_in(run):
    layout, good, _, _ = run
    assert good <= {row["place"] for row in rows(layout, "articles")}
    refused = {row["place"]: row for row in rows(layout, "rejects")}
    assert not [refused[place] for place in good if place in refused]


def test_every_hostile_file_is_a_reject_with_a_reason(run):
    layout, _, cases, _ = run
    rejects, articles = rows(layout, "rejects"), rows(layout, "articles")
    for name, (reasons, n_articles) in cases.items():
        place = f"bad/{name}"
        found = [row["reason"] for row in rejects if row["place"].split("!")[0] == place]
        n_found = sum(row["place"].split("!")[0] == place for row in articles)
        if reasons is None:
            assert found, name
        else:
            assert found == reasons, name
        if n_articles is not None:
            assert n_found == n_articles, name
    links = {row["place"]: row["reason"] for row in rejects}
    for name in ("passwd.txt", "broken.txt", "round.txt", "pipe.json"):
        assert links[f"bad/{name}"] == "unreadable_file"


def test_what_was_read_of_a_file_that_is_cut_off_stays(run):
    layout, _, _, _ = run
    assert sum(row["place"] == "bad/cut.jsonl.gz" for row in rows(layout, "articles")) > 10


def test_every_reject_says_in_a_sentence_what_is_wrong(run):
    for row in rows(run[0], "rejects"):
        assert len(row["detail"].split()) >= 4, row
        assert len(row["detail"]) < 1_200, row
        assert row["reason"] != "unexpected_error", row


def test_empty_files_are_one_reject(run):
    (reject,) = [row for row in rows(run[0], "rejects") if row["place"].startswith("empty")]
    assert reject["reason"] == "empty_text"
    assert reject["detail"].startswith("50,000 empty files")


def test_markup_in_the_title_of_a_feed_is_text(run):
    (article,) = [row for row in rows(run[0], "articles") if row["place"] == "bad/title.rss"]
    assert article["headline"].split()[0] == "Levy"
    assert "<" not in article["headline"]


def test_no_file_outside_was_read_or_written(run):
    layout, _, _, _ = run
    first = SECRET.read_text().splitlines()[0]
    for table in ("articles", "rejects", "mentions"):
        assert first not in str(rows(layout, table))
    for folder in (Path("/tmp"), layout.root.parent, layout.root.parent / "landing"):
        assert not (folder / "out.txt").exists()


def test_the_lake_is_whole_and_every_input_is_accounted_for(run):
    layout, _, _, _ = run
    assert not [finding for finding in verify_lake(layout) if finding.is_error]
    receipt = read_receipt(layout.receipt_file(DAY, "daily"))
    assert receipt.batch == "daily"
