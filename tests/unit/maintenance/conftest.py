import pytest

from tests.unit.batches import make_settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)
