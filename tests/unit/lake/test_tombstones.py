import json

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.tombstones import (
    DETAIL,
    ForgottenArticleError,
    Tombstones,
    check_not_forgotten,
    hash_url,
    keep_out,
    read_tombstones,
    tombstone_of_article,
    tombstone_of_url,
)
from tests.lake_rows import make_article, make_batch, make_reject, stage_batch

URL = "https://example.org/story"
ARTICLE = make_article(canonical_url=URL, input_uri="in/a.jsonl", record_number=3)


def bury(path):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({}))


@pytest.mark.parametrize(
    ("forgotten", "is_kept_out"),
    [
        (Tombstones(), False),
        (Tombstones(frozenset({ARTICLE.article_id})), True),
        (Tombstones(frozenset({"0" * 32})), False),
        (Tombstones(url_hashes=frozenset({hash_url(URL)})), True),
        (Tombstones(url_hashes=frozenset({hash_url(URL + "/2")})), False),
    ],
)
def test_an_article_is_kept_out_by_its_id_or_its_address(forgotten, is_kept_out):
    record = keep_out(ARTICLE, forgotten)
    if not is_kept_out:
        assert record is ARTICLE
        return
    assert (record.input_uri, record.record_number) == ("in/a.jsonl", 3)
    assert (record.reason, record.detail) == ("forgotten", DETAIL)


def test_an_article_without_an_address_has_none_to_be_known_by():
    assert not Tombstones(url_hashes=frozenset({hash_url("")})).name("a", None)


def test_rejects_pass(tmp_path):
    reject = make_reject()
    assert keep_out(reject, Tombstones(frozenset({ARTICLE.article_id}))) is reject


def test_the_names_of_the_files_tell_what_was_forgotten(tmp_path):
    layout = LakeLayout(tmp_path)
    assert not read_tombstones(layout)
    bury(tombstone_of_article(layout, "a" * 32))
    bury(tombstone_of_url(layout, URL))
    assert read_tombstones(layout) == Tombstones(frozenset({"a" * 32}), frozenset({hash_url(URL)}))
    names = [path.name for path in layout.tombstones.iterdir()]
    assert not any("example" in name for name in names)


def test_a_staged_file_with_a_forgotten_article_is_refused(tmp_path):
    layout = LakeLayout(tmp_path / "lake")
    rows = make_batch()
    articles = stage_batch(tmp_path / "staged", rows)["articles"]
    layout.root.mkdir()
    check_not_forgotten(layout, articles)
    bury(tombstone_of_article(layout, rows["articles"][0].article_id))
    with pytest.raises(ForgottenArticleError, match="1 articles of this batch were forgotten"):
        check_not_forgotten(layout, articles)
