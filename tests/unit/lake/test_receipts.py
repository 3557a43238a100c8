import json

import pytest

from include.eventwire.checks.audit import CheckResult
from include.eventwire.lake.receipts import ReceiptError, TableFile, read_receipt
from tests.lake_rows import make_receipt

CHECK = CheckResult("few_rejects", "warning", False, "few", 1, ({"reason": "bad_date", "n": None},))


def test_reads_what_it_wrote(tmp_path):
    receipt = make_receipt(tables={"events": TableFile(3, 100, "a" * 64)}, checks=(CHECK,))
    (tmp_path / "daily.json").write_text(receipt.to_json(), encoding="utf-8")
    assert read_receipt(tmp_path / "daily.json") == receipt


def test_a_receipt_from_before_batches_were_compared_is_read(tmp_path):
    compared = ({"day": "2018-04-23", "batch": "daily", "signatures_sha256": "a" * 64},)
    path = tmp_path / "daily.json"
    path.write_text(make_receipt(compared=compared).to_json())
    assert read_receipt(path).compared == compared
    content = json.loads(path.read_text())
    del content["compared"]
    path.write_text(json.dumps(content))
    assert read_receipt(path).compared == ()


def test_the_same_content_gives_the_same_text_whatever_its_order():
    one = make_receipt(counts={"records_in": 2, "events": 1}, versions={"code": "1", "schema": "1"})
    two = make_receipt(counts={"events": 1, "records_in": 2}, versions={"schema": "1", "code": "1"})
    assert one.to_json() == two.to_json()


def test_names_stay_readable():
    receipt = make_receipt(inputs=[{"uri": "in/Zürich.txt", "size": 1, "sha256": None}])
    assert "in/Zürich.txt" in receipt.to_json()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"text"', b"\xff", b'{"day": "2018-04-24"}', b'{"day": "Monday"}'],
)
def test_what_is_no_receipt_is_named(tmp_path, content):
    (tmp_path / "daily.json").write_bytes(content)
    with pytest.raises(ReceiptError, match=r"daily\.json: no receipt"):
        read_receipt(tmp_path / "daily.json")
