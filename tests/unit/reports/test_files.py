import hashlib

import pytest

from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.lookup import NotFoundError
from include.eventwire.lake.verification import verify_lake
from include.eventwire.reports import files
from include.eventwire.reports.files import (
    find_stale,
    is_stale,
    remove_report,
    renew_reports,
    write_report,
)
from tests.lake_rows import DAY
from tests.unit.explorer.made_lakes import make_story, publish, rows_of

KEY = BatchKey(DAY, "daily")


@pytest.fixture
def layout(tmp_path):
    layout = LakeLayout(tmp_path / "lake")
    publish(layout, rows_of(make_story(number=1)))
    return layout


def test_the_report_lies_beside_the_tables_and_names_its_receipt(layout):
    path = write_report(layout, KEY)
    assert path == layout.root / "_reports" / "dt=2018-04-24" / "daily.html"
    sha256 = hashlib.sha256(layout.receipt_file(DAY, "daily").read_bytes()).hexdigest()
    assert f'content="{sha256}"' in path.read_text(encoding="utf-8")
    assert list(layout.reports()) == [(KEY, path)]
    assert [entry.name for entry in path.parent.iterdir()] == ["daily.html"]


def test_reports_are_no_trouble_to_the_lake(layout):
    write_report(layout, KEY)
    assert [finding for finding in verify_lake(layout) if finding.is_error] == []
    assert list(layout.foreign_files()) == []


def test_a_report_on_a_batch_that_was_replaced_is_stale(layout):
    write_report(layout, KEY)
    assert find_stale(layout) == []
    publish(layout, rows_of(make_story(number=2)))
    assert find_stale(layout) == [KEY]
    assert list(renew_reports(layout, [KEY])) == [(KEY, True)]
    assert not is_stale(layout, KEY)
    text = layout.report_file(DAY, "daily").read_text(encoding="utf-8")
    assert f"{2:032x}"[:12] in text
    assert f"{1:032x}" not in text


def test_a_report_on_a_batch_that_is_gone_goes_too(layout):
    path = write_report(layout, KEY)
    layout.receipt_file(DAY, "daily").unlink()
    assert find_stale(layout) == [KEY]
    assert list(renew_reports(layout, [KEY])) == [(KEY, False)]
    assert not path.exists()
    assert list(layout.reports()) == []
    assert remove_report(layout, KEY) is False


def test_no_report_on_what_is_not_published(layout):
    with pytest.raises(NotFoundError):
        write_report(layout, BatchKey(DAY, "trial"))
    assert list(layout.reports()) == []


def test_a_batch_that_is_replaced_meanwhile_is_reported_on_again(layout, monkeypatch):
    made = []

    def render(report):
        # In a bucket, where nothing is locked, another run may publish at this moment.
        if not made:
            path = layout.receipt_file(DAY, "daily")
            path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        made.append(report.receipt_sha256)
        return f'<meta name="eventwire-receipt" content="{report.receipt_sha256}">'

    monkeypatch.setattr(files, "render_file", render)
    write_report(layout, KEY)
    assert len(set(made)) == 2
    assert not is_stale(layout, KEY)


def test_a_batch_that_is_replaced_over_and_over_is_given_up(layout, monkeypatch):
    monkeypatch.setattr(files, "render_file", lambda report: "of no receipt")
    with pytest.raises(LakeError, match="is being replaced at this moment"):
        write_report(layout, KEY)


def test_a_report_that_cannot_be_written_leaves_the_old_one(layout, monkeypatch):
    path = write_report(layout, KEY)
    before = path.read_bytes()

    def fail(report):
        raise OSError("no space")

    monkeypatch.setattr(files, "render_file", fail)
    with pytest.raises(OSError, match="no space"):
        write_report(layout, KEY)
    assert path.read_bytes() == before
