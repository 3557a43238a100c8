from pathlib import Path

from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import to_location
from include.eventwire.observability.lineage import list_inputs, list_outputs, tell_lineage
from include.eventwire.schemas import TABLES
from tests.lake_rows import make_receipt

LAKE = LakeLayout(Path("/data/lake"))
LANDING = Path("/data/landing")


def receipt_of(*uris, **sources):
    return make_receipt(
        inputs=[{"uri": uri, "size": 1, "sha256": None} for uri in uris],
        profile=BatchProfile(sources).to_json(),
    )


def test_a_day_is_made_of_the_folders_of_its_sources():
    receipt = receipt_of(
        "wire/dt=2018-04-24/a.jsonl",
        "post/dt=2018-04-24/b.csv",
        wire=SourceCounts(1),
        post=SourceCounts(1),
    )
    assert list_inputs(receipt, LAKE, LANDING) == [
        "file:///data/landing/post",
        "file:///data/landing/wire",
    ]


def test_inputs_that_lie_elsewhere_are_named_by_their_folder():
    receipt = receipt_of(
        "/home/me/in/a.txt", "/home/me/in/b.txt", "s3://news/in/c.txt", elsewhere=SourceCounts(3)
    )
    assert list_inputs(receipt, LAKE, LANDING) == ["file:///home/me/in", "s3://news/in"]


def test_a_batch_that_was_coded_again_is_made_of_tables():
    receipt = make_receipt(recoded_from={"versions": {}})
    assert list_inputs(receipt, LAKE, LANDING) == [
        "file:///data/lake/articles",
        "file:///data/lake/rejects",
        "file:///data/lake/signatures",
    ]


def test_what_comes_out_are_the_tables_wherever_the_lake_is():
    assert list_outputs(LAKE) == [f"file:///data/lake/{table}" for table in TABLES]
    in_bucket = list_outputs(LakeLayout(to_location("s3://news/lake")))
    assert in_bucket == [f"s3://news/lake/{table}" for table in TABLES]


def test_no_more_inputs_than_airflow_takes():
    receipt = receipt_of(*(f"/in/{number}/a.txt" for number in range(500)))
    assert len(list_inputs(receipt, LAKE, LANDING)) == 90


def test_all_of_it_is_told():
    told = []

    class Collector:
        def add_input_asset(self, context, *, uri):
            told.append(("in", uri))

        def add_output_asset(self, context, *, uri):
            told.append(("out", uri))

    tell_lineage(receipt_of(wire=SourceCounts(1)), LAKE, LANDING, Collector())
    assert told[0] == ("in", "file:///data/landing/wire")
    assert [kind for kind, _ in told] == ["in"] + ["out"] * len(TABLES)
