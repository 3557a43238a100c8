import pytest

from benchmarks.scale.amounts import tell_amount


@pytest.mark.parametrize(
    ("amount", "unit", "told"),
    [
        (0.25, "s", "0.25 s"),
        (59, "s", "59 s"),
        (90, "s", "1.5 min"),
        (5_400, "s", "1.5 h"),
        (129_600, "s", "1.5 d"),
        (999, "B", "999 B"),
        (2_000, "B", "2 kB"),
        (3_000_000, "B", "3 MB"),
        (1.5e9, "B", "1.5 GB"),
        (2e12, "B", "2.0 TB"),
        (12_345.6, "", "12,346"),
    ],
)
def test_amounts_are_told_in_their_largest_unit(amount, unit, told):
    assert tell_amount(amount, unit) == told
