import pytest

from tests.unit.made_batches import make_settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)
