"""The document on coding again calls what there is."""

import re
import shlex

import pytest

from include.eventwire.cli import make_parser
from include.eventwire.schemas import TABLES, WARNINGS
from include.eventwire.settings import PROJECT_ROOT

DOCUMENT = (PROJECT_ROOT / "docs" / "recode.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\.venv/bin/python -m include\.eventwire (.+)$", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_understood(command):
    make_parser().parse_args(shlex.split(command))


@pytest.mark.parametrize("command", ["recode", "diff"])
def test_its_options_are_those_of_the_commands(command, capsys):
    with pytest.raises(SystemExit):
        make_parser().parse_args([command, "--help"])
    offered = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    told = set(re.findall(r"`(--[a-z-]+)", DOCUMENT)) - {"--reprocess-behavior"}
    assert told
    others = {
        "recode": {"--versions", "--examples"},
        "diff": {"--batch", "--force", "--model", "--into"},
    }
    assert told - others[command] <= offered


def test_says_what_becomes_of_every_table():
    for table in TABLES:
        assert re.search(rf"^\|.*`{table}`.*\|", DOCUMENT, re.MULTILINE), table
    assert "coding_failed" in WARNINGS
