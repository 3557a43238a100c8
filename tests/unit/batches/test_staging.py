from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from include.eventwire.batches.staging import (
    coded_folder,
    finished_folder,
    ingest_folder,
    list_chunks,
    list_reject_files,
    noted_attempt,
    read_json,
    was_begun,
    was_cut_short,
    write_json,
)


def test_a_folder_appears_when_it_is_finished(tmp_path):
    target = tmp_path / "deep" / "folder"
    with finished_folder(target) as partial:
        (partial / "a").write_text("content")
        assert not target.exists()
    assert (target / "a").read_text() == "content"
    assert list(target.parent.iterdir()) == [target]


def test_nothing_is_left_of_a_folder_that_was_not_finished(tmp_path):
    def stop_half_way():
        with finished_folder(tmp_path / "folder") as partial:
            (partial / "a").write_text("content")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert list(tmp_path.iterdir()) == []


def test_the_first_of_two_attempts_counts(tmp_path):
    target = tmp_path / "folder"
    with finished_folder(target) as slow:
        (slow / "a").write_text("slow")
        with finished_folder(target) as quick:
            (quick / "a").write_text("quick")
    assert (target / "a").read_text() == "quick"
    assert list(tmp_path.iterdir()) == [target]


def test_chunks_and_rejects_are_listed_in_the_order_of_the_plan(tmp_path):
    for shard in (1, 0):
        folder = ingest_folder(tmp_path, shard)
        folder.mkdir(parents=True)
        for number in (1, 0):
            (folder / f"articles-{number:05d}.parquet").touch()
            (folder / f"rejects-{number:05d}.parquet").touch()
    chunks = list_chunks(tmp_path, 2)
    assert chunks == [
        "00000/articles-00000",
        "00000/articles-00001",
        "00001/articles-00000",
        "00001/articles-00001",
    ]
    assert len({coded_folder(tmp_path, chunk) for chunk in chunks}) == len(chunks)
    rejects = [str(path.relative_to(tmp_path)) for path in list_reject_files(tmp_path, 2)]
    assert rejects == sorted(rejects)
    assert len(rejects) == 4


def test_json_keeps_text_and_writes_paths_and_days_as_text(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"text": "ö\n新", "path": Path("/a"), "day": date(2018, 4, 24), "none": None})
    assert read_json(path) == {"text": "ö\n新", "path": "/a", "day": "2018-04-24", "none": None}
    assert list(tmp_path.iterdir()) == [path]


def note(staging, error=None, *, is_careful=False):
    with (
        suppress(OSError, KeyboardInterrupt),
        noted_attempt(staging, "00000/articles-00001", is_careful=is_careful),
    ):
        if error is not None:
            raise error


@pytest.mark.parametrize(
    ("error", "is_careful", "is_told"),
    [
        (None, False, True),  # the process ended, or the chunk is finished
        (OSError("no space"), False, False),
        (OSError("no space"), True, True),  # what was found before still holds
        (KeyboardInterrupt(), False, True),  # the process is being ended
    ],
)
def test_an_attempt_at_a_chunk_leaves_a_note_unless_it_gave_up(
    tmp_path, error, is_careful, is_told
):
    note(tmp_path, error, is_careful=is_careful)
    assert was_begun(tmp_path, "00000/articles-00001") is is_told
    assert was_cut_short(tmp_path, "00000/articles-00001") is is_told
    assert not was_begun(tmp_path, "00000/articles-00000")


def test_the_note_of_a_finished_chunk_says_nothing(tmp_path):
    note(tmp_path)
    with finished_folder(coded_folder(tmp_path, "00000/articles-00001")):
        pass
    assert not was_cut_short(tmp_path, "00000/articles-00001")


def test_a_job_does_not_bring_back_the_folder_of_a_plan_that_is_gone(tmp_path):
    gone = tmp_path / "gone"
    with pytest.raises(FileNotFoundError), noted_attempt(gone, "a", is_careful=False):
        pass
    with pytest.raises(FileNotFoundError), finished_folder(coded_folder(gone, "a")):
        pass
    assert not gone.exists()
