"""Folders with things in them that are no news, or too much of it."""

import os
import socket
import tempfile
from pathlib import Path

import pytest

from include.eventwire.inputs.selection import InputError, list_inputs, storable_name


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "good.txt").write_text("text")
    return folder


def refused(folder, **options):
    """Return the rejects of a folder by uri, after the one good file in it was found."""
    listed = list_inputs([folder], **options)
    assert [file.uri for file in listed.files] == ["wire/good.txt"]
    return {reject.input_uri: reject for reject in listed.rejects}


def test_empty_files_are_told_of_once_for_each_folder(folder):
    (folder / "sub").mkdir()
    for number in range(2_000):
        (folder / f"{number:04}.xml").touch()
    (folder / "sub" / "alone.json").touch()
    rejects = refused(folder)
    assert {uri: reject.reason for uri, reject in rejects.items()} == {
        "wire": "empty_text",
        "wire/sub": "empty_text",
    }
    assert rejects["wire"].detail.startswith("2,000 empty files, the first is 0000.xml;")
    assert rejects["wire/sub"].detail.startswith("1 empty file, the first is alone.json;")


def test_an_empty_file_that_is_named_is_taken(folder):
    (folder / "empty.txt").touch()
    assert [file.uri for file in list_inputs([folder / "empty.txt"]).files] == ["empty.txt"]


def test_too_many_files_are_an_error_with_a_remedy(folder):
    for number in range(3):
        (folder / f"{number}.jpeg").write_bytes(b"x")
    assert len(refused(folder, max_files=4)) == 3
    with pytest.raises(InputError, match=r"more than 3 files.*archives.*EVENTWIRE_MAX_FILES"):
        list_inputs([folder], max_files=3)
    with pytest.raises(InputError, match="EVENTWIRE_MAX_FILES"):
        list_inputs([f"{folder}/*"], max_files=3)


def test_links_that_lead_round_in_a_circle_are_rejects(folder):
    (folder / "a.txt").symlink_to(folder / "b.txt")
    (folder / "b.txt").symlink_to(folder / "a.txt")
    (folder / "self.xml").symlink_to(folder / "self.xml")
    (folder / "up").symlink_to(folder)
    rejects = refused(folder)
    assert sorted(rejects) == ["wire/a.txt", "wire/b.txt", "wire/self.xml", "wire/up"]
    assert {reject.reason for reject in rejects.values()} == {"unreadable_file"}
    assert "symbolic links" in rejects["wire/a.txt"].detail


def test_links_that_lead_round_are_no_way_out_of_the_allowed_folders(folder):
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    assert list(refused(folder, allowed_roots=[folder.parent])) == ["wire/loop.txt"]


def test_a_link_to_a_folder_or_device_elsewhere_is_a_reject(folder):
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "null.txt").symlink_to("/dev/null")
    (folder / "etc").symlink_to("/etc")
    rejects = refused(folder)
    assert sorted(rejects) == ["wire/etc", "wire/null.txt", "wire/passwd.txt"]
    assert all("link out of the folder" in reject.detail for reject in rejects.values())


def test_pipes_and_sockets_are_rejects_and_never_waited_for(folder):
    for name in ("pipe.xml", "pipe", "pipe.json.gz"):
        os.mkfifo(folder / name)
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listener:
        # The name of a socket has at most 107 bytes.
        listener.bind(f"{short}/s")
        Path(short, "s").rename(folder / "socket.txt")
        rejects = refused(folder)
    assert len(rejects) == 4
    assert all("no ordinary file" in reject.detail for reject in rejects.values())
    with pytest.raises(InputError, match="no ordinary file"):
        list_inputs([folder / "pipe.xml"])


def test_what_may_not_be_read_is_a_reject():
    # A folder of its own: those of pytest are closed to all other users.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "wire"
        (folder / "closed").mkdir(parents=True)
        (folder / "good.txt").write_text("text")
        (folder / "secret.xml").write_text("<nitf/>")
        (folder / "secret.xml").chmod(0)
        (folder / "closed").chmod(0)
        Path(name).chmod(0o755)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            rejects = refused(folder)
        finally:
            if root:
                os.seteuid(0)
            (folder / "closed").chmod(0o700)
    assert {uri: reject.reason for uri, reject in rejects.items()} == {
        "wire/closed": "unreadable_file",
        "wire/secret.xml": "unreadable_file",
    }


def test_a_damaged_head_is_a_reject_in_a_folder_and_an_error_by_name(folder):
    (folder / "a.xml.gz").write_bytes(b"no gzip")
    (folder / "b.json.xz").write_bytes(b"\xfd7zXZ\0cut")
    assert {reject.reason for reject in refused(folder).values()} == {"unreadable_file"}
    with pytest.raises(InputError, match=r"a\.xml\.gz cannot be read"):
        list_inputs([folder / "a.xml.gz"])


def test_a_name_that_is_no_utf8_is_given_one_that_tables_hold(folder):
    (folder / "good.txt").unlink()
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("text")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    (file,) = list_inputs([folder]).files
    assert file.uri == "wire/caf\\xe9.txt"
    assert file.path.read_text() == "text"


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("plain/caf\xe9.txt", "plain/caf\xe9.txt"),
        ("two\nlines\x1b[31m.txt", "two\\x0alines\\x1b[31m.txt"),
        ("\udce9\ud83d\0", "\\xe9\\ud83d\\x00"),
    ],
)
def test_names_are_made_storable(name, stored):
    assert storable_name(name) == stored
    stored.encode()
