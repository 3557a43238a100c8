"""What a lake in a bucket holds is told as of one on a disk."""

from include.eventwire.lake.summary import write_query
from tests.unit.lake.test_summary import (  # noqa: F401 - collected here
    layout,
    test_a_batch_without_its_receipt_is_incomplete,
    test_a_folder_that_is_no_lake_is_told,
    test_counts_rows_of_batches_and_reasons,
    test_tells_events_in_words_one_of_a_type,
)


def test_the_query_names_the_bucket(layout):  # noqa: F811 - the fixture above
    written = str(layout.root).replace("'", "''")
    assert f"read_parquet('{written}/events/dt=*/*.parquet'" in write_query(layout)
