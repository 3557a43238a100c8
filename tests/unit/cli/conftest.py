from datetime import date

import pytest

from include.eventwire import explanation
from include.eventwire.batches import planning
from include.eventwire.cli import main
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.publishing import publish_tables
from tests.lake_rows import make_batch, make_receipt, stage_batch


@pytest.fixture(autouse=True)
def no_lexicon(monkeypatch):
    """Leave the lexicon alone: whether it is right is for its own tests to say."""
    monkeypatch.setattr(planning, "load_lexicon", lambda: None)
    monkeypatch.setattr(explanation, "read_rule", lambda rule_id: None)


@pytest.fixture
def call(capsys):
    """Call the command line; return exit status, output and errors."""

    def call(*arguments):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse
            status = stop.code
        output, errors = capsys.readouterr()
        return status, output, errors

    return call


@pytest.fixture
def publish(tmp_path):
    """Publish a batch of rows into a lake; return its layout."""

    def publish(batch=None, *, day=date(2018, 4, 24), name="daily"):
        layout = LakeLayout(tmp_path / "lake")
        staging = layout.create_staging_run(day, name, "run") / "tables"
        tables = stage_batch(staging, batch or make_batch())
        publish_tables(layout, day, name, tables, make_receipt(name, day=day))
        return layout

    return publish
