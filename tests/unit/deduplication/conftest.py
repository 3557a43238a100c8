from functools import partial

import pytest

from include.eventwire.lake.layout import LakeLayout
from tests.unit.deduplication import lakes


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


@pytest.fixture
def publish(layout):
    """Publish the articles and signatures of one batch into the lake."""
    return partial(lakes.publish, layout)
