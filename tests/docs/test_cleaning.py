import re

from include.eventwire.schemas import WARNINGS
from include.eventwire.settings import PROJECT_ROOT

CLEANING = (PROJECT_ROOT / "docs" / "cleaning.md").read_text(encoding="utf-8")


def test_every_warning_is_described_as_in_the_schema():
    described = dict(
        re.findall(r"^\| `(\w+)` \| (The .*|Characters .*) \|$", CLEANING, re.MULTILINE)
    )
    assert described == WARNINGS
