from collections.abc import Callable
from dataclasses import replace

import pytest

from include.eventwire.checks.audit import AuditError, CheckResult, audit_tables
from include.eventwire.checks.audit_checks import CHECKS
from tests.lake_rows import (
    TEXT,
    make_article,
    make_batch,
    make_event,
    make_mention,
    make_party,
    make_reject,
    make_signature,
    stage_batch,
)

Batch = dict[str, list]


def change(table: str, row: int = 0, **changes) -> Callable[[Batch], None]:
    def apply(batch: Batch) -> None:
        batch[table][row] = replace(batch[table][row], **changes)

    return apply


def change_cluster(**changes) -> Callable[[Batch], None]:
    def apply(batch: Batch) -> None:
        change("articles", **changes)(batch)
        if "cluster_id" in changes:
            change("signatures", cluster_id=changes["cluster_id"])(batch)

    return apply


def lengthen(**changes) -> Callable[[Batch], None]:
    """Make the article one that has a signature, and change that."""

    def apply(batch: Batch) -> None:
        article = make_article(LONG)
        batch |= {table: [] for table in ("mentions", "events", "event_parties")}
        batch["articles"] = [article]
        batch["signatures"] = [make_signature(article, **changes)]

    return apply


def add_article(text: str, **changes) -> Callable[[Batch], None]:
    """Add another article with its signature."""

    def apply(batch: Batch) -> None:
        article = make_article(text, **changes)
        batch["articles"].append(article)
        batch["signatures"].append(make_signature(article))

    return apply


def add(table: str, row) -> Callable[[Batch], None]:
    return lambda batch: batch[table].append(row)


ARTICLE = make_article()
EVENT = make_event(ARTICLE)
UNKNOWN = "f" * 32
LONG = " ".join(f"word{number}" for number in range(60))

# For each rule, batches that break it: no more than one thing is wrong with each.
FAULTS = [
    ("articles_unique", add("articles", ARTICLE)),
    ("articles_measured", change("articles", n_chars=len(TEXT) + 1)),
    ("articles_measured", change("articles", n_chars=len(TEXT.encode()))),
    ("articles_measured", change("articles", text_sha256="0" * 64)),
    ("articles_measured", add_article("")),
    ("articles_clusters", change("articles", duplicate_kind="exact")),
    ("articles_clusters", change("articles", is_canonical=False)),
    ("articles_clusters", change_cluster(cluster_id=UNKNOWN)),
    ("articles_clusters", change_cluster(cluster_id=None)),
    (
        "articles_clusters",
        change_cluster(cluster_id=UNKNOWN, is_canonical=False, duplicate_kind="close"),
    ),
    ("articles_ranges", change("articles", language_score=1.5)),
    ("articles_ranges", change("articles", record_number=0)),
    ("articles_ranges", change("articles", n_tokens=-1)),
    ("articles_ranges", change("articles", n_sentences=-1)),
    ("articles_dateline_in_range", change("articles", dateline_start_char=0)),
    ("articles_dateline_in_range", change("articles", dateline_end_char=5)),
    (
        "articles_dateline_in_range",
        change("articles", dateline_start_char=0, dateline_end_char=len(TEXT) + 1),
    ),
    ("articles_warnings_known", change("articles", warnings="text_repaired,odd")),
    ("articles_warnings_known", change("articles", warnings="")),
    ("mentions_unique_mention_index", change("mentions", 1, mention_index=0)),
    ("mentions_have_article", add("mentions", make_mention(ARTICLE, article_id=UNKNOWN))),
    ("mentions_text_in_range", change("mentions", start_char=-1)),
    ("mentions_text_in_range", change("mentions", end_char=len(TEXT) + 1)),
    ("mentions_text_in_range", change("mentions", end_char=0)),
    ("mentions_text_as_printed", change("mentions", text="china")),
    ("mentions_text_as_printed", change("mentions", start_char=0, end_char=5)),
    ("mentions_country_code_known", change("mentions", country_code="CHI")),
    ("mentions_coordinates", change("mentions", latitude=None)),
    ("mentions_coordinates", change("mentions", latitude=91.0)),
    ("mentions_coordinates", change("mentions", longitude=-180.1)),
    ("events_unique", add("events", replace(EVENT, event_index=1))),
    ("events_unique_event_index", add("events", replace(EVENT, event_id=UNKNOWN))),
    ("events_have_article", add("events", replace(EVENT, event_id=UNKNOWN, article_id=UNKNOWN))),
    ("events_trigger_in_range", change("events", trigger_end_char=len(TEXT) + 9)),
    ("events_trigger_as_printed", change("events", trigger="meet")),
    ("events_place_text_in_range", change("events", place_end_char=None)),
    ("events_place_text_in_range", change("events", place_start_char=None, place_end_char=None)),
    ("events_place_text_as_printed", change("events", place_text=None)),
    ("events_place_text_as_printed", change("events", place_text="Osaka")),
    ("events_event_type_known", change("events", event_type="DISCUSS", event_mode=None)),
    ("events_event_mode_known", change("events", event_mode="bombing")),
    ("events_quad_class_of_type", change("events", quad_class="material conflict")),
    ("events_realis_known", change("events", realis="rumoured")),
    ("events_contexts_known", change("events", contexts="diplomatic,weather")),
    ("events_contexts_known", change("events", contexts="diplomatic, military")),
    ("events_contexts_known", change("events", contexts="")),
    ("events_dates", change("events", event_date_precision=None)),
    ("events_dates", change("events", event_date=None)),
    ("events_dates", change("events", event_date_precision="week")),
    ("events_dates", change("events", event_date_precision="month")),
    ("events_dates", change("events", event_date_precision="year")),
    ("events_place_country_known", change("events", place_country="IGO")),
    ("events_coordinates", change("events", longitude=None)),
    ("events_coordinates", change("events", latitude=-90.5)),
    ("events_actor_codes_known", change("events", actor_codes="CHN.ARMY")),
    ("events_actor_codes_known", change("events", actor_codes="CHINA.GOV")),
    ("events_actor_codes_known", change("events", actor_codes="CHN|")),
    ("events_actor_codes_known", change("events", actor_codes="CHN.GOV.MIL")),
    ("events_actor_codes_known", change("events", actor_codes="CHN.")),
    ("events_recipient_codes_known", change("events", recipient_codes="")),
    ("events_recipient_codes_known", change("events", recipient_codes="JPN, CHN")),
    ("events_ranges", change("events", confidence=1.01)),
    ("events_ranges", change("events", plover_score=-10.5)),
    ("event_parties_unique_party_index", change("event_parties", 1, role="actor")),
    ("event_parties_have_event", change("event_parties", event_id=UNKNOWN)),
    ("event_parties_have_event", change("event_parties", article_id=UNKNOWN)),
    ("event_parties_text_in_range", change("event_parties", start_char=len(TEXT))),
    ("event_parties_text_as_printed", change("event_parties", text="Chin")),
    ("event_parties_role_known", change("event_parties", role="target")),
    ("event_parties_country_code_known", change("event_parties", country_code="EU")),
    ("event_parties_sector_code_known", change("event_parties", sector_code="ARMY")),
    ("rejects_reason_known", change("rejects", reason="ugly")),
    ("rejects_stage_known", change("rejects", stage="publish")),
    ("signatures_unique", lambda batch: batch["signatures"].append(make_signature(ARTICLE))),
    ("signatures_have_article", add("signatures", make_signature(ARTICLE, article_id=UNKNOWN))),
    ("signatures_of_articles", lambda batch: batch["signatures"].clear()),
    ("signatures_of_articles", change("signatures", cluster_id=UNKNOWN)),
    ("signatures_whole", change("signatures", n_words=50)),
    ("signatures_whole", lengthen(signature=None)),
    ("signatures_whole", lengthen(signature="AAAA")),
    ("signatures_whole", lengthen(band_07=None)),
    ("records_accounted_for", add("rejects", make_reject(record_number=3))),
    ("records_accounted_for", lambda batch: batch["rejects"].clear()),
]  # fmt: skip


def audit(tmp_path, batch: Batch, n_records_in: int | None = None) -> list[CheckResult]:
    n_in = len(batch["articles"]) + len(batch["rejects"]) if n_records_in is None else n_records_in
    return audit_tables(stage_batch(tmp_path / "tables", batch), n_in)


def failed_warnings(results: list[CheckResult]) -> set[str]:
    return {result.name for result in results if not result.passed}


def test_a_sound_batch_passes_every_error_check(tmp_path):
    results = audit(tmp_path, make_batch())
    assert [result.name for result in results] == [check.name for check in CHECKS]
    assert failed_warnings(results) == {"few_rejects"}  # one of its two records is a reject


def test_an_empty_batch_passes_with_a_warning(tmp_path):
    batch = {table: [] for table in make_batch()}
    assert failed_warnings(audit(tmp_path, batch)) == {"batch_not_empty"}


def test_columns_that_may_be_null_pass_as_null(tmp_path):
    batch = make_batch()
    nothing = dict.fromkeys(
        (
            *("event_mode", "contexts", "event_date", "event_date_precision", "place_text"),
            *("place_start_char", "place_end_char", "place_name", "place_country", "latitude"),
            *("longitude", "actor_codes", "recipient_codes", "confidence", "plover_score"),
        )
    )
    change("events", **nothing)(batch)
    change("mentions", country_code=None, latitude=None, longitude=None)(batch)
    change("event_parties", country_code=None, sector_code=None, name=None)(batch)
    change("rejects", record_number=None)(batch)
    assert failed_warnings(audit(tmp_path, batch)) == {"few_rejects"}


@pytest.mark.parametrize(
    ("precision", "day"), [("month", make_event(ARTICLE).event_date.replace(day=1)), ("year", None)]
)
def test_a_period_is_dated_by_its_first_day(tmp_path, precision, day):
    batch = make_batch()
    first = day or EVENT.event_date.replace(month=1, day=1)
    change("events", event_date=first, event_date_precision=precision)(batch)
    audit(tmp_path, batch)


@pytest.mark.parametrize(("name", "break_rule"), FAULTS)
def test_a_broken_rule_fails_its_check_and_no_other(tmp_path, name, break_rule):
    batch = make_batch()
    # A count of what came in that fits the rows, unless the rows that go missing are the fault.
    n_in = 2 if name == "records_accounted_for" else None
    break_rule(batch)
    with pytest.raises(AuditError) as caught:
        audit(tmp_path, batch, n_in)
    assert [result.name for result in caught.value.failed] == [name]


def test_every_error_check_is_seen_to_fail():
    errors = {check.name for check in CHECKS if check.severity == "error"}
    assert {name for name, _ in FAULTS} == errors


def few_of(n: int, **changes) -> Batch:
    batch = {table: [] for table in make_batch()}
    batch["articles"] = [make_article(f"Text {number}") for number in range(10)]
    batch["signatures"] = [make_signature(article) for article in batch["articles"]]
    for row in range(n):
        change("articles", row, **changes)(batch)
    batch["events"] = [replace(EVENT, article_id=batch["articles"][0].article_id)]
    del batch["events"][0]
    return batch


@pytest.mark.parametrize(
    ("name", "most", "changes"),
    [
        ("articles_dated", 2, {"published_at": None}),
        ("articles_coded", 5, {"n_tokens": None, "n_sentences": None}),
        ("few_warnings", 1, {"warnings": "date_in_future,text_repaired"}),
    ],
)
def test_warns_when_too_many_articles_lack_something(tmp_path, name, most, changes):
    assert name not in failed_warnings(audit(tmp_path / "few", few_of(most, **changes)))
    assert name in failed_warnings(audit(tmp_path / "many", few_of(most + 1, **changes)))


def test_copies_do_not_count_as_uncoded(tmp_path):
    batch = few_of(4, n_tokens=None, n_sentences=None)
    canonical_id = batch["articles"][9].article_id
    copy = {"is_canonical": False, "duplicate_kind": "near", "cluster_id": canonical_id}
    for row in range(8):
        change("articles", row, **copy, n_tokens=None)(batch)
        change("signatures", row, cluster_id=canonical_id)(batch)
    results = failed_warnings(audit(tmp_path, batch))
    assert not {"articles_coded", "copies_have_canonical"} & results


def test_a_copy_of_an_earlier_day_names_a_cluster_of_that_day(tmp_path):
    batch = make_batch()
    cluster = {"cluster_id": UNKNOWN, "is_canonical": False, "duplicate_kind": "near"}
    change_cluster(**cluster)(batch)
    assert "copies_have_canonical" in failed_warnings(audit(tmp_path / "unknown", batch))
    tables = stage_batch(tmp_path / "known", batch)
    assert "copies_have_canonical" not in failed_warnings(audit_tables(tables, 2, [UNKNOWN]))


def test_the_same_record_of_an_earlier_day_is_a_copy_of_itself(tmp_path):
    batch = make_batch()
    change_cluster(is_canonical=False, duplicate_kind="exact")(batch)
    with pytest.raises(AuditError, match="articles_clusters"):
        audit(tmp_path / "unknown", batch)
    tables = stage_batch(tmp_path / "known", batch)
    audit_tables(tables, 2, [ARTICLE.article_id])


@pytest.mark.parametrize(("n_repeated", "warns"), [(5, False), (6, True)])
def test_warns_when_most_articles_repeat_earlier_days(tmp_path, n_repeated, warns):
    batch = few_of(0)
    copy = {"cluster_id": UNKNOWN, "is_canonical": False, "duplicate_kind": "exact"}
    for row in range(n_repeated):
        change("articles", row, **copy)(batch)
        change("signatures", row, cluster_id=UNKNOWN)(batch)
    tables = stage_batch(tmp_path, batch)
    assert ("articles_new" in failed_warnings(audit_tables(tables, 10, [UNKNOWN]))) == warns


def test_warns_of_many_rejects_but_not_of_copies(tmp_path):
    batch = few_of(0)
    batch["rejects"] = [make_reject(), *(make_reject(reason="duplicate_article") for _ in range(9))]
    assert "few_rejects" not in failed_warnings(audit(tmp_path / "few", batch))
    batch["rejects"] += [make_reject()] * 2
    assert "few_rejects" in failed_warnings(audit(tmp_path / "many", batch))


def test_warns_when_coded_articles_give_no_event(tmp_path):
    assert "events_found" in failed_warnings(audit(tmp_path / "none", few_of(0)))
    assert "events_found" not in failed_warnings(audit(tmp_path / "some", make_batch()))
    uncoded = few_of(10, n_tokens=None, n_sentences=None)
    assert "events_found" not in failed_warnings(audit(tmp_path / "uncoded", uncoded))


def test_the_error_shows_the_rule_and_five_example_rows(tmp_path):
    batch = make_batch()
    batch["mentions"] = [
        make_mention(ARTICLE, text="wrong", mention_index=number) for number in range(7)
    ]
    with pytest.raises(AuditError) as caught:
        audit(tmp_path, batch)
    message = str(caught.value)
    assert "mentions_text_as_printed: 7 rows break the rule that text of mentions is" in message
    (result,) = caught.value.failed
    assert [example["mention_index"] for example in result.examples] == list("01234")
    assert result.examples[0]["printed"] == "China"
    assert message.count("text='wrong'") == 5


LONG_TEXT = "\u00e9" * 3_990 + TEXT + "x" * 4_100 + " Tokyo " + "y" * 8_000


@pytest.mark.parametrize(
    ("start", "end"),
    [(3_990, 4_010), (0, 4_000), (1, 4_001), (0, 4_001), (3_999, 8_500), (0, len(LONG_TEXT))],
)
def test_a_stretch_of_any_length_anywhere_in_a_long_text_is_compared(tmp_path, start, end):
    article = make_article(LONG_TEXT)
    batch = {table: [] for table in make_batch()}
    batch |= {"articles": [article], "signatures": [make_signature(article)]}
    mention = make_mention(article, start_char=start, end_char=end, text=LONG_TEXT[start:end])
    batch["mentions"] = [mention]
    audit(tmp_path / "right", batch)
    batch["mentions"] = [replace(mention, text=mention.text[:-1] + "!")]
    with pytest.raises(AuditError, match="mentions_text_as_printed: 1 row"):
        audit(tmp_path / "wrong", batch)


def test_results_survive_json():
    result = CheckResult("few_rejects", "warning", False, "few", 3, ({"reason": "x", "n": None},))
    assert CheckResult.from_json(result.to_json()) == result


def test_a_path_with_signs_of_globs_and_quotes_is_read(tmp_path):
    tables = stage_batch(tmp_path / "it's [a] *?", make_batch())
    assert len(audit_tables(tables, 2)) == len(CHECKS)


def test_parties_of_one_event_may_share_an_index_in_different_roles(tmp_path):
    batch = make_batch()
    batch["event_parties"].append(make_party(ARTICLE, EVENT, "Japan", party_index=1))
    audit(tmp_path, batch)
