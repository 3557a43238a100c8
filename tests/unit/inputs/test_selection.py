import os

import pytest

from include.eventwire.inputs.formats import FORMATS, UnknownFormatError
from include.eventwire.inputs.selection import InputError, list_inputs
from include.eventwire.readers import READERS


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "wire"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "b.jsonl.gz").write_bytes(b"x")
    (folder / "a.txt").write_text("text")
    return folder


def test_every_format_has_a_reader():
    assert set(READERS) == set(FORMATS)


def test_lists_a_folder_sorted_by_uri_without_hidden_files_and_leftovers(folder):
    for name in (".hidden.txt", "a.txt~", "a.txt.swp", "#a.txt#"):
        (folder / name).write_text("x")
    files = list_inputs([folder]).files
    assert [(file.uri, file.format, file.size) for file in files] == [
        ("wire/a.txt", "plain_text", 4),
        ("wire/sub/b.jsonl.gz", "jsonl", 1),
    ]


def test_uri_is_relative_to_the_landing_area(folder, tmp_path):
    (file,) = list_inputs([folder / "a.txt"], landing=tmp_path).files
    assert file.uri == "wire/a.txt"


def test_a_glob_takes_what_matches(folder):
    assert [file.uri for file in list_inputs([f"{folder}/**/*.gz"]).files] == [
        "wire/sub/b.jsonl.gz"
    ]


def test_the_same_file_named_twice_is_listed_once(folder):
    assert len(list_inputs([folder, f"{folder}/a.txt"], landing=folder.parent).files) == 2


def test_what_cannot_be_taken_in_a_folder_is_a_reject(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "picture.jpeg").write_bytes(b"x")
    (folder / "dangling.txt").symlink_to(folder / "nothing.txt")
    os.mkfifo(folder / "pipe.txt")
    listed = list_inputs([folder])
    assert [(reject.input_uri, reject.reason) for reject in listed.rejects] == [
        ("wire/dangling.txt", "unreadable_file"),
        ("wire/out.txt", "unreadable_file"),
        ("wire/picture.jpeg", "unknown_format"),
        ("wire/pipe.txt", "unreadable_file"),
    ]
    assert len(listed.files) == 2


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nothing.txt", "no such file"),
        ("*.nothing", "no file matches"),
        ("pipe", "no ordinary file"),
        ("letter.docx", "known are agency_xml, anpa"),
    ],
)
def test_a_named_input_that_cannot_be_read_is_an_error(tmp_path, spec, message):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "letter.docx").write_text("x")
    with pytest.raises(InputError, match=message):
        list_inputs([tmp_path / spec])


def test_refuses_what_lies_outside_the_allowed_roots(folder, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("x")
    link = folder / "link.txt"
    link.symlink_to(outside)
    for spec in (outside, folder / ".." / "outside.txt", link, f"{tmp_path}/*.txt"):
        with pytest.raises(InputError, match="EVENTWIRE_ALLOWED_ROOTS"):
            list_inputs([spec], allowed_roots=[folder])


def test_refuses_two_files_of_one_name(tmp_path):
    for name in ("x", "y"):
        (tmp_path / name / "day").mkdir(parents=True)
        (tmp_path / name / "day" / "a.txt").write_text(name)
    listed = list_inputs([tmp_path / "x"], landing=None)
    assert listed.files[0].uri == "x/day/a.txt"
    with pytest.raises(InputError, match="would both be called"):
        list_inputs([tmp_path / "x" / "day" / "a.txt", tmp_path / "y" / "day" / "a.txt"])


def test_refuses_a_format_that_has_no_reader(folder):
    with pytest.raises(UnknownFormatError, match="plain_text"):
        list_inputs([folder], format="docx")
