from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from include.eventwire.lake import parquet_files
from include.eventwire.lake.parquet_files import (
    RowError,
    TableFileError,
    check_file,
    concatenate_files,
    count_rows,
    file_schema,
    read_matching,
    read_rows,
    rewrite_rows,
    write_rows,
)
from include.eventwire.records import Mention
from include.eventwire.schemas import TABLES, SchemaVersionError
from tests.lake_rows import make_article, make_batch, make_event, make_mention, make_reject


def make_articles(n: int) -> list:
    return [
        make_article(f"Text number {number} \u00fc", record_number=number + 1)
        for number in range(n)
    ]


def row_group_sizes(path) -> list[int]:
    metadata = pq.read_metadata(path)
    return [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]


def spread(tmp_path, rows, cuts) -> list:
    """Write `rows` into several files, cut at `cuts`."""
    paths = []
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(rows)], strict=True)):
        paths.append(tmp_path / f"part-{number}.parquet")
        write_rows(paths[-1], "articles", rows[start:end])
    return paths


@pytest.mark.parametrize("table", TABLES)
def test_reads_what_was_written(tmp_path, table):
    rows = make_batch()[table]
    write_rows(tmp_path / "rows.parquet", table, rows)
    assert list(read_rows(tmp_path / "rows.parquet", table)) == rows


def test_keeps_the_order_of_many_rows(tmp_path):
    rows = make_articles(1_201)
    write_rows(tmp_path / "rows.parquet", "articles", rows)
    assert list(read_rows(tmp_path / "rows.parquet", "articles")) == rows
    assert count_rows(tmp_path / "rows.parquet") == 1_201


@pytest.mark.parametrize("table", TABLES)
def test_a_file_without_rows_has_all_columns(tmp_path, table):
    write_rows(tmp_path / "rows.parquet", table, [])
    assert pq.read_schema(tmp_path / "rows.parquet") == TABLES[table]
    assert list(read_rows(tmp_path / "rows.parquet", table)) == []


def test_the_file_tells_version_descriptions_and_how_it_was_written(tmp_path):
    write_rows(tmp_path / "rows.parquet", "articles", make_articles(3))
    schema = pq.read_schema(tmp_path / "rows.parquet")
    assert schema.metadata[b"eventwire_schema_version"] == b"2"
    assert schema.field("n_chars").metadata[b"description"].startswith(b"Length of text")
    columns = pq.read_metadata(tmp_path / "rows.parquet").row_group(0)
    by_name = {columns.column(i).path_in_schema: columns.column(i) for i in range(20)}
    assert {column.compression for column in by_name.values()} == {"ZSTD"}
    assert not by_name["text"].has_dictionary_page
    assert not by_name["article_id"].has_dictionary_page
    assert by_name["publisher"].has_dictionary_page
    assert by_name["published_at"].has_column_index
    assert by_name["published_at"].has_offset_index
    assert by_name["article_id"].bloom_filter_offset is not None
    assert by_name["publisher"].bloom_filter_offset is None


def test_the_same_rows_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_rows(tmp_path / name, "articles", make_articles(50))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(("most_rows", "sizes"), [(600, [600, 600, 300]), (10_000, [1_500])])
def test_bytes_and_row_groups_do_not_depend_on_how_rows_were_spread(
    tmp_path, monkeypatch, most_rows, sizes
):
    monkeypatch.setitem(parquet_files._ROW_GROUP_ROWS, "articles", most_rows)
    rows = make_articles(1_500)
    write_rows(tmp_path / "whole", "articles", rows)
    assert row_group_sizes(tmp_path / "whole") == sizes
    for cuts in ([1, 700], [500, 600, 601, 1_499], [0]):
        assert (
            concatenate_files(spread(tmp_path, rows, cuts), tmp_path / "joined", "articles")
            == 1_500
        )
        assert (tmp_path / "joined").read_bytes() == (tmp_path / "whole").read_bytes()


def test_long_texts_end_a_row_group_wherever_files_end(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_files, "_ROW_GROUP_BYTES", 10_000)
    rows = [make_article(f"{number} " + "x" * (number * 37 % 4_000)) for number in range(200)]
    write_rows(tmp_path / "whole", "articles", rows)
    sizes = row_group_sizes(tmp_path / "whole")
    assert len(sizes) > 10
    assert sum(sizes) == 200
    for cuts in ([sizes[0]], [sizes[0] - 1], [3, 50, 51, 120]):
        concatenate_files(spread(tmp_path, rows, cuts), tmp_path / "joined", "articles")
        assert (tmp_path / "joined").read_bytes() == (tmp_path / "whole").read_bytes()


def test_nothing_concatenated_is_a_file_without_rows(tmp_path):
    assert concatenate_files([], tmp_path / "rows.parquet", "events") == 0
    assert list(read_rows(tmp_path / "rows.parquet", "events")) == []


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("articles", replace(make_article(), text="\ud800 lone"), "column text of row 1"),
        ("articles", replace(make_article(), publisher=7), "column publisher of row 1 is 7"),
        ("articles", replace(make_article(), n_chars=2**31), "column n_chars of row 1"),
        ("articles", replace(make_article(), text_sha256=None), "must be string: "),
        ("events", replace(make_event(make_article()), event_date="Monday"), "date32.* or None"),
        (
            "mentions",
            replace(make_batch()["mentions"][0], latitude=float("nan")),
            "is nan; .* double",
        ),
        ("events", make_reject(), "row 1 is Reject.*, not a Event"),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_nothing_is_written(tmp_path, table, row, message):
    good = make_batch()[table]
    with pytest.raises(RowError, match=message):
        write_rows(tmp_path / "rows.parquet", table, [*good, row])
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "rows.parquet"
    write_rows(path, "rejects", [make_reject()])
    before = path.read_bytes()
    with pytest.raises(RowError):
        write_rows(path, "rejects", [replace(make_reject(), reason=None)])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_newer_schema_is_refused(tmp_path):
    path = tmp_path / "rows.parquet"
    schema = file_schema("rejects").with_metadata({"eventwire_schema_version": "3"})
    pq.write_table(schema.empty_table(), path)
    with pytest.raises(
        SchemaVersionError, match=r"version 3 .* version 2 at most; update Eventwire"
    ):
        list(read_rows(path, "rejects"))
    with pytest.raises(SchemaVersionError):
        concatenate_files([path], tmp_path / "joined", "rejects")


def test_columns_added_since_are_none(tmp_path):
    path = tmp_path / "rows.parquet"
    write_rows(path, "mentions", make_batch()["mentions"])
    older = pq.read_table(path).drop_columns(["latitude", "longitude"])
    pq.write_table(older, path)
    (first, _) = read_rows(path, "mentions")
    assert (first.text, first.country_code, first.latitude) == ("China", "CHN", None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop_columns(["reason"]), "column reason of rejects is missing"),
        (lambda table: table.append_column("dt", pa.array(["x"])), "column dt does not belong"),
        (
            lambda table: table.set_column(1, "record_number", pa.array([1], pa.int64())),
            "column record_number is int64",
        ),
        (lambda table: table.replace_schema_metadata({}), "not written by Eventwire"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path, change, message):
    path = tmp_path / "rows.parquet"
    write_rows(path, "rejects", [make_reject()])
    pq.write_table(change(pq.read_table(path)), path)
    with pytest.raises(TableFileError, match=message):
        list(read_rows(path, "rejects"))


def test_a_file_that_is_no_parquet_is_named(tmp_path):
    (tmp_path / "rows.parquet").write_text("no Parquet")
    with pytest.raises(TableFileError, match=r"rows\.parquet: no whole Parquet file"):
        count_rows(tmp_path / "rows.parquet")


def test_a_flipped_bit_in_a_page_is_noticed(tmp_path):
    path = tmp_path / "rows.parquet"
    write_rows(path, "articles", make_articles(200))
    check_file(path, "articles")
    column = pq.read_metadata(path).row_group(0).column(TABLES["articles"].get_field_index("text"))
    content = bytearray(path.read_bytes())
    content[column.data_page_offset + column.total_compressed_size - 5] ^= 1
    path.write_bytes(content)
    with pytest.raises(TableFileError, match="damaged"):
        check_file(path, "articles")


def test_the_rows_of_some_articles_are_read_from_all_row_groups(tmp_path, monkeypatch):
    monkeypatch.setitem(parquet_files._ROW_GROUP_ROWS, "mentions", 2)
    articles = make_articles(4)
    mentions = [
        make_mention(article, "Text", mention_index=n) for article in articles for n in range(3)
    ]
    path = tmp_path / "mentions.parquet"
    write_rows(path, "mentions", mentions)
    assert len(row_group_sizes(path)) == 6
    wanted = [articles[2].article_id, articles[0].article_id, "unknown"]
    found = read_matching(path, "mentions", wanted)
    assert [Mention(**row) for row in found.to_pylist()] == mentions[:3] + mentions[6:9]
    columns = read_matching(path, "mentions", wanted, ["mention_index", "article_id"])
    assert columns.column_names == ["mention_index", "article_id"]
    assert columns["mention_index"].to_pylist() == [0, 1, 2, 0, 1, 2]
    assert read_matching(path, "mentions", []).num_rows == 0
    with pytest.raises(TableFileError, match="does not belong to events"):
        read_matching(path, "events", wanted)


def test_rewritten_rows_are_those_that_the_change_gives(tmp_path):
    rows = make_articles(1_201)
    write_rows(tmp_path / "old.parquet", "articles", rows)
    rewrite_rows(
        tmp_path / "old.parquet",
        tmp_path / "new.parquet",
        "articles",
        lambda batch: batch.filter(pc.greater(batch["record_number"], 700)),
    )
    assert list(read_rows(tmp_path / "new.parquet", "articles")) == rows[700:]
    # Put together they have the bytes that they would have had from the start.
    concatenate_files([tmp_path / "new.parquet"], tmp_path / "again.parquet", "articles")
    write_rows(tmp_path / "fresh.parquet", "articles", rows[700:])
    again, fresh = ((tmp_path / f"{name}.parquet").read_bytes() for name in ("again", "fresh"))
    assert again == fresh
