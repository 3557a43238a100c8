import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.reports.contents import read_report
from include.eventwire.reports.files import write_report
from include.eventwire.reports.rendering import render_body
from tests.lake_rows import DAY, make_reject
from tests.unit.explorer.made_lakes import look_at, make_story, publish, rows_of

NEXT = DAY + timedelta(days=1)
RUN = "manual__2018-04-25T08:00:00+00:00"


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def words_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def ask_for_run(layout, run_id=RUN, dag_id="code_news"):
    address = f"/runs/by-run?dag_id={quote(dag_id)}&run_id={quote(run_id)}"
    return look_at(layout.root).get(address, follow_redirects=False)


def test_lists_the_batches_the_newest_first(layout):
    publish(layout, {}, counts={"records_in": 1_234}, run={"dag_id": "code_news", "run_id": RUN})
    publish(layout, {}, day=NEXT, run={"started_by": "command line"})
    publish(layout, {}, name="trial")
    page = look_at(layout.root).get("/runs").text
    assert re.findall(r'<th scope="row"><a href="([^"]*)"', page) == [
        "/runs/2018-04-25/daily", "/runs/2018-04-24/trial", "/runs/2018-04-24/daily",
    ]  # fmt: skip
    assert "1,234" in page
    assert f"code_news {RUN}" in page.replace("&#43;", "+")
    assert "command line" in page


def test_the_page_of_a_batch_is_its_report(layout):
    profile = BatchProfile({"wire": SourceCounts(1, 0, {"empty_text": 1})}, {"CONSULT": 1})
    publish(layout, {**rows_of(make_story(number=1)), "rejects": [make_reject()]}, profile=profile)
    answer = look_at(layout.root).get("/runs/2018-04-24/daily")
    assert answer.status_code == 200
    ((key, _),) = layout.receipts()
    body = words_of(render_body(read_report(layout, key), lambda path, **query: path))
    assert "empty_text 1" in body
    assert '"met", Tokyo (JPN)' in body.replace("&#34;", '"')
    assert body in words_of(answer.text)  # the same words as in the file
    assert f"/articles/{1:032x}" in answer.text
    assert "style=" not in answer.text


def test_a_report_leads_to_the_days_before_and_after(layout):
    for number in (-1, 0, 1):
        publish(layout, {}, day=DAY + timedelta(days=number))
    publish(layout, {}, name="trial")
    page = look_at(layout.root).get("/runs/2018-04-24/daily").text
    assert 'rel="prev" href="/runs/2018-04-23/daily"' in page
    assert 'rel="next" href="/runs/2018-04-25/daily"' in page


def test_the_file_is_named_where_there_is_one(layout):
    publish(layout, {})
    client = look_at(layout.root)
    assert "a file that may be sent" not in client.get("/runs/2018-04-24/daily").text
    write_report(layout, next(layout.receipts())[0])
    assert "_reports/dt=2018-04-24/daily.html" in client.get("/runs/2018-04-24/daily").text


@pytest.mark.parametrize(
    "path",
    ["/runs/2018-04-26/daily", "/runs/yesterday/daily", "/runs/2018-04-24/..%2f..%2fetc",
     "/runs/2018-04-24/.hidden", "/runs/2018-04-24"],
)  # fmt: skip
def test_what_is_no_batch_is_not_found(layout, path):
    publish(layout, {})
    assert look_at(layout.root).get(path).status_code == 404


def test_a_run_leads_to_its_batch(layout):
    publish(layout, {}, run={"dag_id": "code_news", "run_id": RUN})
    publish(layout, {}, day=NEXT, run={"dag_id": "recode_news", "run_id": RUN})
    for run_id in (RUN, RUN.replace("+", " ")):  # as an address without its escapes is read
        answer = ask_for_run(layout, run_id)
        assert answer.status_code == 302
        assert answer.headers["location"] == "/runs/2018-04-24/daily"


def test_a_run_of_several_days_lists_them(layout):
    for day in (DAY, NEXT):
        publish(layout, {}, day=day, run={"dag_id": "code_news", "run_id": RUN})
    answer = ask_for_run(layout)
    assert answer.status_code == 200
    assert "/runs/2018-04-24/daily" in answer.text
    assert "/runs/2018-04-25/daily" in answer.text


def test_a_run_whose_batch_became_part_of_another_leads_there(layout):
    publish(layout, {}, name="trial", run={"dag_id": "code_news", "run_id": RUN})
    publish(layout, {}, name="compacted", run={"joined": "trial"})
    layout.receipt_file(DAY, "trial").rename(layout.compacted_file(DAY, "trial"))
    assert ask_for_run(layout).headers["location"] == "/runs/2018-04-24/compacted"


def test_a_run_without_a_batch_says_what_that_may_mean(layout):
    publish(layout, {})
    answer = ask_for_run(layout, "<script>alert(1)</script>")
    assert answer.status_code == 404
    assert "may be still at work" in answer.text
    assert "<script>alert" not in answer.text
