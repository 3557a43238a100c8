from datetime import date, timedelta

from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.checks.history import find_missing_days, read_history
from include.eventwire.lake.layout import LakeLayout
from tests.lake_rows import make_receipt

DAY = date(2018, 4, 24)
PROFILE = BatchProfile({"wire": SourceCounts(3)}, {"ASSAULT": 1})


def test_the_days_before_are_read_from_a_bucket(bucket):
    layout = LakeLayout(bucket / "lake")
    days = [DAY - timedelta(days=before) for before in (1, 3)]
    for day in days:
        receipt = make_receipt(day=day, profile=PROFILE.to_json())
        layout.receipt_file(day, "daily").write_bytes(receipt.to_json().encode())
    assert read_history(layout, DAY, "daily") == dict.fromkeys(days, PROFILE)
    assert find_missing_days(layout, DAY, "daily") == [DAY - timedelta(days=2), DAY]
