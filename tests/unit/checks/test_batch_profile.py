from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts, measure_batch
from tests.lake_rows import make_article, make_batch, make_event, make_reject, stage_batch


def test_counts_by_the_folder_of_the_source(tmp_path):
    first = make_article(input_uri="wire/dt=2018-04-24/a.jsonl")
    second = make_article("Another.", input_uri="wire/dt=2018-04-24/b.jsonl", published_at=None)
    third = make_article("A third.", input_uri="post/dt=2018-04-24/in/c.csv")
    batch = make_batch() | {
        "articles": [first, second, third],
        "events": [make_event(first), make_event(first, event_type="ASSAULT"), make_event(first)],
        "rejects": [
            make_reject(input_uri="wire/dt=2018-04-24/a.jsonl"),
            make_reject(input_uri="wire/dt=2018-04-24/a.jsonl"),
            make_reject(input_uri="wire/dt=2018-04-24/d.bin", reason="unknown_format"),
            make_reject(input_uri="/by/hand/x.txt", reason="unreadable_file"),
            make_reject(input_uri="late/dt=2018-04-24", reason="unreadable_file"),
            make_reject(input_uri="late/dt=2018-04-24/x.txt", reason="unreadable_file"),
        ],
    }
    profile = measure_batch(stage_batch(tmp_path / "a [1]", batch))
    assert profile == BatchProfile(
        {
            "elsewhere": SourceCounts(rejects={"unreadable_file": 1}),
            "late": SourceCounts(rejects={"unreadable_file": 2}),
            "post": SourceCounts(articles=1),
            "wire": SourceCounts(2, 1, {"empty_text": 2, "unknown_format": 1}),
        },
        {"ASSAULT": 1, "CONSULT": 2},
    )


def test_an_empty_batch_has_no_counts(tmp_path):
    tables = stage_batch(tmp_path, {table: [] for table in make_batch()})
    assert measure_batch(tables) == BatchProfile()


def test_comes_back_from_json():
    profile = BatchProfile({"wire": SourceCounts(2, 1, {"empty_text": 2})}, {"ASSAULT": 1})
    assert BatchProfile.from_json(profile.to_json()) == profile
