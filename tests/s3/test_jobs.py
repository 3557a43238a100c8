"""The tasks of a batch, with the lake, its staging and the landing area in a bucket."""

import pytest

from tests.unit.made_batches import make_settings
from tests.unit.test_jobs import (  # noqa: F401 - collected here, with the fixtures of this folder
    test_a_coder_that_fails_on_every_article_fails_the_run,
    test_a_day_whose_input_is_gone_becomes_empty,
    test_a_lake_of_a_newer_schema_is_refused_before_the_work,
    test_a_task_of_a_batch_that_was_published_says_so,
    test_an_attempt_that_another_one_overtook_is_not_taken_for_published,
    test_an_input_may_be_named_from_the_landing_area,
    test_bytes_do_not_depend_on_how_the_work_is_cut,
    test_every_record_is_an_article_or_a_reject,
    test_only_the_day_of_the_request_is_read_and_no_hidden_folder,
    test_publishing_again_what_was_published_finds_the_receipt,
    test_refuses_to_read_the_lake_that_it_writes,
    test_tasks_that_are_tried_again_change_nothing,
    test_the_limit_counts_over_files,
    test_the_receipt_tells_inputs_versions_and_run,
)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)
