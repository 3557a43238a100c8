"""The document on deploying names what there is: secrets, columns, options, files."""

import re

import pytest
import yaml

from include.eventwire.local_engines.__main__ import make_parser
from include.eventwire.local_engines.comparison import make_table
from include.eventwire.settings import PROJECT_ROOT

DOCUMENT = (PROJECT_ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
VALUES = (PROJECT_ROOT / "deploy" / "kubernetes" / "values.yaml").read_text(encoding="utf-8")


def test_every_secret_of_kubernetes_is_made_and_no_other():
    named = set(re.findall(r"[sS]ecretName: (eventwire-\S+)", VALUES))
    assert named == set(re.findall(r"make_secret (eventwire-\S+)", DOCUMENT))


def test_secrets_have_the_keys_that_are_asked_for():
    for entry in yaml.safe_load(VALUES)["secret"]:
        line = re.search(rf"make_secret {entry['secretName']} .*", DOCUMENT)[0]
        assert f"--from-literal={entry['secretKey']}=" in line


def test_every_column_of_the_comparison_is_explained():
    headings = [column.header for column in make_table([], None).columns]
    for heading in set(headings) - {"engine", "files", "rows"}:
        assert f"| {heading} |" in DOCUMENT


@pytest.mark.parametrize("example", re.findall(r'make engines ARGS="([^"]+)"', DOCUMENT))
def test_examples_of_the_comparison_are_understood(example):
    assert make_parser().parse_args(example.split())


def test_every_file_that_it_names_is_there():
    names = re.findall(r"`((?:deploy/|docs/|requirements)[\w./-]+)`", DOCUMENT)
    assert names
    for name in set(names) - {"deploy/.env"}:
        assert (PROJECT_ROOT / name).exists(), name
