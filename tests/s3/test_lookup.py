"""Articles and events of a lake in a bucket are found by their ids."""

from tests.unit.lake.test_lookup import (  # noqa: F401 - collected here
    layout,
    test_an_article_in_several_batches_is_taken_from_the_last,
    test_an_id_that_nothing_has_is_told,
    test_finds_an_article_with_everything_in_it,
    test_where_there_is_no_lake_it_is_told,
)
