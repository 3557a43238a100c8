"""Whatever stands in a form: it is refused in words, or nothing but what is allowed is touched."""

import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from include.eventwire import jobs, recoding
from include.eventwire.airflow_tasks import form_fields, recode_fields
from include.eventwire.airflow_tasks.recode_form import read_form as read_recode_form
from include.eventwire.airflow_tasks.run_form import read_form
from include.eventwire.batches import planning
from include.eventwire.batches.plan import read_plan
from include.eventwire.fetching import form as fetch_form
from include.eventwire.fetching.jobs import list_sources
from include.eventwire.lake import object_store
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.maintenance import form as maintain_form
from include.eventwire.maintenance.forgetting import ForgetRequest, forget
from include.eventwire.settings import Settings
from include.eventwire.summaries import fields as summary_fields
from tests.lake_rows import make_batch
from tests.security.hostile import NAMED, PATHS, TEXTS, forms
from tests.unit.lake.test_publishing import publish

DAY = "2018-04-24"
FORMS = {
    "code_news": form_fields.FIELDS,
    "recode_news": recode_fields.FIELDS,
    "maintain_lake": maintain_form.FIELDS,
    "fetch_feeds": fetch_form.FIELDS,
    "summarise_events": summary_fields.FIELDS,
}
# What a task is called, and the paths that tasks hand on: nothing that a template could be made of.
LABEL = re.compile(r"\d{4}-\d\d-\d\d [A-Za-z0-9][A-Za-z0-9._-]{0,99}")
PLAN = re.compile(r"dt=\d{4}-\d\d-\d\d/[A-Za-z0-9][A-Za-z0-9._-]{0,99}/[0-9a-f]{32}/plan\.json")
SECRET = "nobody may read this"

fuzz = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return settings whose landing area is full of ways out of it, and a secret beside it."""

    def refuse(self, **_):
        raise AssertionError("a bucket was asked for")

    monkeypatch.setattr(object_store.ObjectStore, "__init__", refuse)
    monkeypatch.setattr(planning, "load_lexicon", lambda: None)
    monkeypatch.setattr(planning, "load_gazetteer", lambda: None)
    monkeypatch.chdir(tmp_path)
    landing = tmp_path / "landing"
    folder = landing / "wire" / f"dt={DAY}"
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_text('{"id": "1", "text": "Ministers met."}\n')
    (folder / "{{ 7 * 7 }}.jsonl").write_text('{"id": "2", "text": "Ministers met again."}\n')
    secret = tmp_path / "secret.jsonl"
    secret.write_text(json.dumps({"id": "3", "text": SECRET}))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret.jsonl").write_text(json.dumps({"id": "4", "text": SECRET}))
    (landing / "link.jsonl").symlink_to(secret)
    (landing / "chain.jsonl").symlink_to(landing / "link.jsonl")
    (landing / "links").symlink_to(tmp_path / "secrets")
    (landing / "loop").symlink_to(landing)
    (folder / "link.jsonl").symlink_to("../../../secret.jsonl")
    os.mkfifo(landing / "wire" / "pipe")
    return Settings(lake=tmp_path / "lake", landing=landing, allowed_roots=(landing,))


def refused_or(ask, *arguments):
    """Return what `ask` gives, or the error by which it refuses in words."""
    try:
        return ask(*arguments)
    except ValueError as error:
        return error


def is_refused(answer) -> bool:
    """Return whether that is a refusal, which must say something."""
    return isinstance(answer, ValueError) and bool(str(answer))


def written(folder: Path) -> set[str]:
    """Return all that lies in a folder, by its path from there."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def check_plan(plan_path: str, place: Settings) -> None:
    """Check that a plan reads and writes nothing but what it may."""
    plan = read_plan(Path(plan_path))
    root = place.landing.resolve()
    for file in plan.files:
        assert file.path.resolve().is_relative_to(root), file
        assert SECRET not in file.path.read_text(encoding="utf-8")
    assert LABEL.fullmatch(jobs.batch_label(plan_path))
    assert PLAN.fullmatch(Path(plan_path).relative_to(place.lake / "_staging").as_posix())
    assert SECRET not in Path(plan_path).read_text(encoding="utf-8")


def try_run(form: dict, place: Settings) -> list[str]:
    """Plan what a form of `code_news` asks for; return the plans, none when it is refused."""
    requests = refused_or(read_form, form, DAY)
    if is_refused(requests):
        return []
    plans = [refused_or(jobs.plan_batch, request, place) for request in requests[:2]]
    return [plan for plan in plans if not is_refused(plan)]


@fuzz
@given(
    form=forms(
        form_fields.FIELDS,
        {"input": ["wire", f"wire/dt={DAY}/a.jsonl"], "format": ["jsonl"], "publisher": ["xinhua"],
         "limit": [1], "model": ["en_core_web_sm"]},
    )
)  # fmt: skip
def test_a_run_reads_and_writes_nothing_but_what_it_may(place, form):
    before = written(place.landing.parent) - {"lake"}
    for plan_path in try_run(form, place):
        check_plan(plan_path, place)
    made = {name for name in written(place.landing.parent) - before if name != "lake"}
    assert all(re.match(rf"lake/_staging(/dt={DAY}|$)", name) for name in made), made


@pytest.mark.parametrize("name", NAMED, ids=range(len(NAMED)))
def test_an_input_is_refused_in_words_or_lies_in_the_landing_area(place, name):
    empty = dict.fromkeys(form_fields.FIELDS)
    for plan_path in try_run({**empty, "input": name}, place):
        check_plan(plan_path, place)


@pytest.mark.parametrize("name", PATHS, ids=range(len(PATHS)))
def test_with_a_second_root_it_is_the_same(place, name, tmp_path):
    other = tmp_path / "more"
    other.mkdir()
    (other / "link").symlink_to(tmp_path / "secrets")
    roots = replace(place, allowed_roots=(place.landing, other))
    empty = dict.fromkeys(form_fields.FIELDS)
    for written_name in (name, f"{other}/{name}", f"{other}/link/{name}"):
        for plan_path in try_run({**empty, "input": written_name}, roots):
            assert SECRET not in Path(plan_path).read_text(encoding="utf-8")
            for file in read_plan(Path(plan_path)).files:
                resolved = file.path.resolve()
                assert any(resolved.is_relative_to(root) for root in roots.allowed_roots)


@pytest.mark.parametrize("name", ["link.jsonl", "chain.jsonl", "links", "links/secret.jsonl"])
def test_a_link_out_of_the_landing_area_is_refused_by_name(place, name):
    empty = dict.fromkeys(form_fields.FIELDS)
    with pytest.raises(ValueError, match="outside the folders that may be read"):
        jobs.plan_batch(read_form({**empty, "input": name}, DAY)[0], place)


def test_a_link_among_the_files_of_a_day_is_a_reject_and_the_rest_is_read(place):
    (request,) = read_form(dict.fromkeys(form_fields.FIELDS), DAY)
    plan = read_plan(Path(jobs.plan_batch(request, place)))
    assert [file.path.name for file in plan.files] == ["a.jsonl", "{{ 7 * 7 }}.jsonl"]
    assert [(reject.reason, reject.input_uri.rpartition("/")[2]) for reject in plan.rejects] == [
        ("unreadable_file", "link.jsonl")
    ]


@pytest.mark.parametrize("name", ["s3://other/secret.jsonl", "s3://other/*", "s3://other"])
def test_of_a_bucket_that_may_not_be_read_nothing_is_asked(place, name):
    empty = dict.fromkeys(form_fields.FIELDS)
    with pytest.raises(ValueError, match="outside the folders that may be read"):
        jobs.plan_batch(read_form({**empty, "input": name}, DAY)[0], place)


@fuzz
@given(
    form=forms(
        recode_fields.FIELDS,
        {"batch": ["daily", "compacted"], "model": ["en_core_web_sm"], "force": [True]},
    )
)
def test_coding_again_touches_nothing_but_named_batches(place, form):
    before = written(place.landing.parent)
    request = refused_or(read_recode_form, form, DAY)
    if not is_refused(request):
        choice = refused_or(recoding.choose_batches, request, place)
        assert is_refused(choice) or list(choice.wanted) == []
    assert written(place.landing.parent) == before


@fuzz
@given(
    form=forms(
        maintain_form.FIELDS,
        {"steps": ["verify", "sweep"], "forget": ["0" * 32, "https://a.example/"],
         "reason": ["asked"], "with_copies": [True]},
    )
)  # fmt: skip
def test_what_is_forgotten_is_an_id_or_an_address(form):
    wishes = refused_or(maintain_form.read_form, form)
    if is_refused(wishes):
        return
    assert wishes.steps <= {"sweep", "compact"}
    request = refused_or(ForgetRequest, wishes.forget or "0" * 32, wishes.reason)
    if not is_refused(request) and request.url is None:
        assert re.fullmatch(r"[0-9a-f]{32}", request.wanted)


@pytest.mark.parametrize("reason", ["../../pwned", "{{ 7 * 7 }}", "$(touch pwned)", "a'\"; --",
                                    "<script>", "\U0001f4f0" * 100, "%s %(a)s {}"])  # fmt: skip
def test_a_reason_is_a_text_in_a_tombstone_and_nothing_else(tmp_path, monkeypatch, reason):
    monkeypatch.chdir(tmp_path)
    layout = LakeLayout(tmp_path / "lake")
    publish(layout, made := make_batch(), "daily")
    wanted = made["articles"][0].article_id
    form = dict.fromkeys(maintain_form.FIELDS) | {"forget": wanted, "reason": reason}
    wishes = maintain_form.read_form(form)
    before = written(tmp_path)
    forget(layout, ForgetRequest(wishes.forget, wishes.reason))
    new = {name for name in written(tmp_path) - before if not name.startswith("lake/_staging")}
    assert new == {"lake/_tombstones", f"lake/_tombstones/{wanted}.json"}
    assert json.loads((layout.tombstones / f"{wanted}.json").read_text())["reason"] == reason


@fuzz
@given(form=forms(fetch_form.FIELDS, {"sources": ["wire", "wire,bay"], "max_pages": [1]}))
@example(form={"sources": "wire, ../wire", "max_pages": None})
def test_only_declared_sources_are_fetched(tmp_path, form):
    sources = tmp_path / "sources.toml"
    sources.write_text(
        '[wire]\nfeeds = ["https://wire.example/rss"]\n[bay]\nfeeds = ["https://bay.example/f"]\n'
    )
    wanted = refused_or(fetch_form.read_form, form)
    if is_refused(wanted):
        return
    names, max_pages = wanted
    found = refused_or(list_sources, Settings(sources=sources), names)
    assert is_refused(found) or set(found) <= {"wire", "bay"}
    assert max_pages is None or isinstance(max_pages, int)


@pytest.mark.parametrize("dag", FORMS)
def test_every_text_of_a_form_has_a_length_or_a_pattern(dag):
    for name, field in FORMS[dag].items():
        if "string" in field["type"]:
            limits = {"maxLength", "pattern", "enum", "format"}
            assert limits & set(field), name


@pytest.mark.parametrize("dag", FORMS)
@given(value=TEXTS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_a_name_may_be_is_narrow(dag, value):
    """What the schema lets through as a code, a model or a batch is made of harmless letters."""
    for field in FORMS[dag].values():
        if "pattern" in field:
            try:
                jsonschema.validate(value, field)
            except jsonschema.ValidationError:
                continue
            assert re.fullmatch(r"[A-Za-z0-9._-]+\n?", value)


@given(day=st.one_of(TEXTS, st.from_regex(r"[0-9]{4}.?[0-9]{2}.?[0-9]{2}")))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_day_is_a_day(day):
    form = dict.fromkeys(form_fields.FIELDS) | {"day": day}
    requests = refused_or(read_form, form, None)
    assert is_refused(requests) or [type(request.day) for request in requests] == [date]
