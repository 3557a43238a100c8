"""Members of archives are read like files; whatever is wrong with one is a reject of that one."""

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import tempfile
import zipfile

import pytest
import zstandard

from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.records import Article
from include.eventwire.settings import Settings

STORY = "The council of Lindholm voted on Tuesday to keep the ferry running through the winter."


def make_zip(members, method=zipfile.ZIP_DEFLATED):
    """Return a zip of the members, names (or ZipInfo) and contents, in that order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def make_tar(members):
    """Return a tar of the members, names (or TarInfo) and contents, in that order."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members:
            header = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if header.isreg():
                header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return buffer.getvalue()


def tar_entry(name, kind, target=""):
    header = tarfile.TarInfo(name)
    header.type, header.linkname = kind, target
    return header


def zip_entry(name, **values):
    info = zipfile.ZipInfo(name)
    for key, value in values.items():
        setattr(info, key, value)
    return info


def line(text):
    return json.dumps({"text": text}).encode() + b"\n"


def outcomes(results):
    """Return what became of each record: its uri and its text or the reason of its reject."""
    return [
        (result.input_uri, result.text if isinstance(result, Article) else result.reason)
        for result in results
    ]


MEMBERS = [
    ("a.txt", STORY.encode()),
    ("in/b.jsonl", line("one") + line("two")),
    ("in/c.jsonl.gz", gzip.compress(line("three"))),
]
FOUND = [
    ("a.txt", STORY),
    ("in/b.jsonl", "one"),
    ("in/b.jsonl", "two"),
    ("in/c.jsonl.gz", "three"),
]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("news.zip", make_zip(MEMBERS)),
        ("news.tar", make_tar(MEMBERS)),
        ("news.tar.gz", gzip.compress(make_tar(MEMBERS))),
        ("news.tgz", gzip.compress(make_tar(MEMBERS))),
        ("news.tar.zst", zstandard.ZstdCompressor().compress(make_tar(MEMBERS))),
        ("news.tar.bz2", bz2.compress(make_tar(MEMBERS))),
        ("news.txz", lzma.compress(make_tar(MEMBERS))),
        ("news.tar.xz", lzma.compress(make_tar(MEMBERS))),
        ("news", make_zip(MEMBERS)),
    ],
)
def test_reads_the_members_of_every_kind_of_archive(read_input, name, data):
    results = read_input(data, name)
    assert outcomes(results) == [(f"{name}!/{member}", text) for member, text in FOUND]
    assert [result.record_number for result in results] == [1, 1, 2, 1]
    assert results[0].input_format == "plain_text"


def test_members_are_of_the_source_and_the_day_of_their_archive(read_input):
    profile = SourceProfile(publisher="lindholm_post", dated_by_folder=True)
    (article,) = read_input(
        make_zip([("a.txt", STORY.encode())]), "dt=2024-02-03/a.zip", profile=profile
    )
    assert article.publisher == "lindholm_post"
    assert article.published_at.date().isoformat() == "2024-02-03"


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_hidden_members_are_left_out(read_input, make):
    names = (".hidden.txt", "__MACOSX/._a.txt", ".git/a.txt", "a.txt~", "./b.txt")
    data = make([(name, STORY.encode()) for name in names])
    name = "news.zip" if make is make_zip else "news.tar"
    assert outcomes(read_input(data, name)) == [(f"{name}!/b.txt", STORY)]


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_name_that_leads_out_of_the_archive_is_refused(read_input, make, tmp_path):
    names = ["/etc/a.txt", "../a.txt", "b/../../a.txt", "C:/a.txt", "d\\..\\a.txt"]
    data = make([(name, b"trap") for name in names] + [("good.txt", STORY.encode())])
    name = "news.zip" if make is make_zip else "news.tar"
    results = read_input(data, name)
    assert [outcome for _, outcome in outcomes(results)] == ["unsafe_input"] * 5 + [STORY]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_nul_in_a_name_is_refused(read_input):
    data = make_zip([("a.txtX.sh", b"trap"), ("good.txt", STORY.encode())])
    results = read_input(data.replace(b"a.txtX.sh", b"a.txt\0.sh"), "news.zip")
    assert outcomes(results) == [
        ("news.zip!/a.txt\\x00.sh", "unsafe_input"),
        ("news.zip!/good.txt", STORY),
    ]


def test_links_and_devices_in_a_tar_are_refused(read_input):
    entries = [
        tar_entry("soft.txt", tarfile.SYMTYPE, "/etc/passwd"),
        tar_entry("hard.txt", tarfile.LNKTYPE, "good.txt"),
        tar_entry("null.txt", tarfile.CHRTYPE),
        tar_entry("disk.txt", tarfile.BLKTYPE),
        tar_entry("pipe.txt", tarfile.FIFOTYPE),
        tar_entry("folder", tarfile.DIRTYPE),
    ]
    data = make_tar([(entry, b"") for entry in entries] + [("good.txt", STORY.encode())])
    results = read_input(data, "news.tar")
    assert [outcome for _, outcome in outcomes(results)] == ["unsafe_input"] * 5 + [STORY]


def test_links_and_secrets_in_a_zip_are_refused(read_input):
    link = zip_entry("link.txt", create_system=3, external_attr=0o120777 << 16)
    data = make_zip([(link, b"/etc/passwd"), ("secret.txt", b"?"), ("good.txt", STORY.encode())])
    # The flag that tells of a password, in the list of members.
    at = data.rindex(b"secret.txt") - 46 + 8
    data = data[:at] + b"\x01" + data[at + 1 :]
    results = read_input(data, "news.zip")
    assert [outcome for _, outcome in outcomes(results)] == ["unsafe_input", "unsafe_input", STORY]
    assert "encrypted" in results[1].detail


@pytest.mark.parametrize(("declared", "has"), [(3, "more"), (3_000, "86")])
def test_a_member_of_another_size_than_declared_is_refused(read_input, declared, has):
    data = bytearray(make_zip([("a.txt", STORY.encode()), ("b.txt", STORY.encode())]))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, declared)
    results = read_input(bytes(data), "news.zip")
    assert outcomes(results) == [("news.zip!/a.txt", "unsafe_input"), ("news.zip!/b.txt", STORY)]
    assert f"declares {declared:,} bytes and has {has};" in results[0].detail


def test_a_damaged_member_does_not_harm_the_others(read_input):
    data = bytearray(make_zip([("a.txt", STORY.encode()), ("b.txt", STORY.encode())]))
    data[50] ^= 0xFF  # within the compressed text of the first
    results = read_input(bytes(data), "news.zip")
    assert outcomes(results) == [
        ("news.zip!/a.txt", "unreadable_file"),
        ("news.zip!/b.txt", STORY),
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_cannot_be_bounded_is_refused(read_input, method):
    (reject,) = read_input(make_zip([("a.txt", STORY.encode())], method), "news.zip")
    assert reject.reason == "unreadable_file"
    assert "deflate" in reject.detail


def test_a_bomb_is_cut_off_and_the_others_are_read(read_input, monkeypatch):
    monkeypatch.setattr("include.eventwire.inputs.compression._ALWAYS_ALLOWED_BYTES", 100_000)
    data = make_zip([("bomb.txt", bytes(1_000_000)), ("good.txt", STORY.encode())])
    results = read_input(data, "news.zip", settings=Settings(max_expansion=2))
    assert outcomes(results) == [("news.zip!/bomb.txt", "too_large"), ("news.zip!/good.txt", STORY)]
    assert "EVENTWIRE_MAX_EXPANSION" in results[0].detail


def test_the_members_of_an_archive_share_one_budget(read_input, monkeypatch):
    monkeypatch.setattr("include.eventwire.inputs.compression._ALWAYS_ALLOWED_BYTES", 100_000)
    text = STORY.encode() + b" " * 30_000
    members = [(f"{number}.txt", text) for number in range(9)]
    inner = make_zip(members[:2])
    for data in (make_zip(members), make_zip([(f"{n}.zip", inner) for n in range(9)])):
        results = read_input(data, "news.zip", settings=Settings(max_expansion=2))
        assert results[-1].input_uri == "news.zip"
        assert results[-1].reason == "too_large"
        assert sum(isinstance(result, Article) for result in results) in (2, 3)


def test_members_that_share_their_data_are_refused(read_input):
    # One piece of data and three members of it in the list, as bombs without recursion have.
    data = make_zip([("a.txt", STORY.encode())])
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    directory = data[start:end]
    twins = directory.replace(b"a.txt", b"b.txt") + directory.replace(b"a.txt", b"c.txt")
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, 3, 3, 3 * len(directory))
    results = read_input(data[:end] + twins + bytes(tail), "news.zip")
    assert {outcome for _, outcome in outcomes(results)} == {"unsafe_input"}
    assert len(results) == 3


@pytest.mark.parametrize("make", [make_zip, make_tar])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_of_one_name_the_second_is_refused(read_input, make):
    name = "news.zip" if make is make_zip else "news.tar"
    data = make([("a.txt", STORY.encode()), ("./a.txt", b"Something else.")])
    assert [outcome for _, outcome in outcomes(read_input(data, name))] == [STORY, "unsafe_input"]


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_archives_within_archives_are_read_to_a_depth_of_two(read_input, make):
    suffix = "zip" if make is make_zip else "tar"
    data = make([("a.txt", STORY.encode())])
    for level in ("3", "2", "1"):
        data = make([(f"{level}.{suffix}", data), ("good.txt", STORY.encode())])
    name = f"news.{suffix}"
    assert outcomes(read_input(data, name)) == [
        (f"{name}!/1.{suffix}!/2.{suffix}!/3.{suffix}", "unsafe_input"),
        (f"{name}!/1.{suffix}!/2.{suffix}!/good.txt", STORY),
        (f"{name}!/1.{suffix}!/good.txt", STORY),
        (f"{name}!/good.txt", STORY),
    ]


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_too_many_members_are_told(read_input, make):
    name = "news.zip" if make is make_zip else "news.tar"
    data = make([(f"{number}.txt", STORY.encode()) for number in range(4)])
    results = read_input(data, name, settings=Settings(max_files=3))
    assert [outcome for _, outcome in outcomes(results)] == [STORY] * 3 + ["too_large"]
    assert "EVENTWIRE_MAX_FILES" in results[-1].detail


def test_a_list_of_members_that_fills_the_memory_is_refused(read_input, monkeypatch):
    monkeypatch.setattr("include.eventwire.readers.zip_archive._MOST_DIRECTORY_BYTES", 100)
    data = make_zip([(f"{number}.txt", b"") for number in range(4)])
    (reject,) = read_input(data, "news.zip")
    assert reject.reason == "unreadable_file"
    assert "list of members" in reject.detail


@pytest.mark.parametrize("key", ["path", "comment"])
def test_a_header_that_fills_the_memory_is_refused(read_input, monkeypatch, key):
    monkeypatch.setattr("include.eventwire.readers.tar_archive._MOST_HEADER_BYTES", 100_000)
    header = tarfile.TarInfo("long.txt")
    header.pax_headers = {key: "x" * 1_000_000}
    data = make_tar([("a.txt", STORY.encode()), (header, b""), ("b.txt", b"")])
    results = read_input(data, "news.tar")
    assert outcomes(results) == [("news.tar!/a.txt", STORY), ("news.tar", "unreadable_file")]


def test_a_long_name_is_refused_and_shortened(read_input):
    data = make_tar([("x" * 5_000 + ".txt", b"trap"), ("good.txt", STORY.encode())])
    results = read_input(data, "news.tar")
    assert [outcome for _, outcome in outcomes(results)] == ["unsafe_input", STORY]
    assert len(results[0].input_uri) < 1_100


@pytest.mark.parametrize(
    ("name", "flag", "shown"),
    [
        ("caf\xe9.txt".encode(), 0x800, "caf\xe9.txt"),
        ("caf\xe9.txt".encode(), 0, "caf\xe9.txt"),
        ("caf\xe9.txt".encode("cp437"), 0, "caf\xe9.txt"),
    ],
)
def test_names_of_a_zip_are_decoded_as_they_were_meant(read_input, name, flag, shown):
    stand_in = "x" * len(name)
    data = bytearray(make_zip([(stand_in, STORY.encode())]).replace(stand_in.encode(), name))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 8, flag)
    struct.pack_into("<H", data, 6, flag)
    assert outcomes(read_input(bytes(data), "news.zip")) == [(f"news.zip!/{shown}", STORY)]


def test_a_name_that_is_no_utf8_can_be_stored(read_input):
    buffer = io.BytesIO()
    with tarfile.open(
        fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT, encoding="latin-1"
    ) as archive:
        header = tarfile.TarInfo("caf\xe9.txt")
        header.size = len(STORY)
        archive.addfile(header, io.BytesIO(STORY.encode()))
    results = read_input(buffer.getvalue(), "news.tar")
    assert outcomes(results) == [("news.tar!/caf\\xe9.txt", STORY)]


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(512 + 1, id="within the first text"),
        pytest.param(1024, id="between two members"),
        pytest.param(1024 + 300, id="within a header"),
    ],
)
def test_a_tar_that_is_cut_off_keeps_what_was_read(read_input, cut):
    data = make_tar([("a.txt", STORY.encode()), ("b.txt", STORY.encode())])[:cut]
    results = outcomes(read_input(data, "news.tar"))
    assert results[-1] == ("news.tar", "unreadable_file")
    assert results[0] == ("news.tar!/a.txt", STORY if cut >= 1024 else "unreadable_file")


def test_a_damaged_header_does_not_end_a_tar_silently(read_input):
    data = bytearray(make_tar([("a.txt", STORY.encode()), ("b.txt", STORY.encode())]))
    data[1024 + 150] ^= 0xFF  # the checksum of the second header
    results = read_input(bytes(data), "news.tar")
    assert outcomes(results) == [("news.tar!/a.txt", STORY), ("news.tar", "unreadable_file")]


def test_a_tar_behind_a_tar_is_told(read_input):
    data = make_tar([("a.txt", STORY.encode())])
    results = read_input(data + data, "news.tar")
    assert outcomes(results) == [("news.tar!/a.txt", STORY), ("news.tar", "unreadable_file")]
    assert "two tars" in results[1].detail


def test_damage_behind_the_last_member_is_told(read_input):
    data = gzip.compress(make_tar([("a.txt", STORY.encode())]))
    results = read_input(data[:-6], "news.tar.gz")
    assert outcomes(results)[-1] == ("news.tar.gz", "unreadable_file")


@pytest.mark.parametrize("name", ["news.zip", "news.tar", "news.tar.gz", "news.tar.xz"])
@pytest.mark.parametrize("data", [b"", b"no archive", bytes(10_000)])
def test_what_is_no_archive_is_one_reject(read_input, name, data):
    results = read_input(data, name)
    if name != "news.tar" or any(data) or not data:  # zeros alone are a tar without members
        assert outcomes(results) == [(name, "unreadable_file")]


def test_a_sparse_file_is_refused(read_input):
    header = bytearray(make_tar([("big.txt", b"")])[:512])
    header[156:157] = tarfile.GNUTYPE_SPARSE
    header[257:265] = b"ustar  \0"
    header[483:495] = b"77777777777\0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    results = read_input(bytes(header) + make_tar([("good.txt", STORY.encode())]), "news.tar")
    assert [outcome for _, outcome in outcomes(results)] == ["unsafe_input", STORY]


def test_an_error_that_no_reader_foresaw_ends_its_member_only(read_input, monkeypatch):
    def fail(_context):
        raise KeyError("x")

    monkeypatch.setattr("include.eventwire.readers.plain_text.read_whole_file", fail)
    results = read_input(make_zip([("a.txt", b"x"), ("b.jsonl", line(STORY))]), "news.zip")
    assert [outcome for _, outcome in outcomes(results)] == ["unexpected_error", STORY]


def test_nothing_is_left_in_the_temporary_folder(make_context, monkeypatch, tmp_path):
    from include.eventwire.readers import read_articles

    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    results = read_articles(make_context(make_zip(MEMBERS), "news.zip"))
    next(results)
    assert len(list(temporary.rglob("member*"))) == 1
    next(results)
    assert len(list(temporary.rglob("member*"))) == 1
    results.close()  # as a run with a limit does
    assert not list(temporary.iterdir())


def test_pictures_in_an_archive_are_rejects(read_input):
    results = read_input(make_zip([("a.jpeg", b"\xff\xd8"), ("b.txt", STORY.encode())]), "n.zip")
    assert outcomes(results) == [("n.zip!/a.jpeg", "unknown_format"), ("n.zip!/b.txt", STORY)]
