"""What the documents for readers of the tables show, runs."""

import re
import shlex
import textwrap

import duckdb
import pytest

from include.eventwire.cli import make_parser
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.settings import PROJECT_ROOT
from include.eventwire.summaries.jobs import summarise_day
from tests.lake_rows import DAY, make_batch, make_receipt, stage_run

NAMES = ("analytics", "read_the_tables", "cite_a_version")
DOCUMENTS = {
    name: (PROJECT_ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in NAMES
}


def blocks(language):
    """Return the blocks of code in a language, each with the name of its document."""
    pattern = re.compile(rf"^( *)```{language}\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
    return [
        pytest.param(textwrap.dedent(match[2]), id=f"{name}-{number}")
        for name, text in DOCUMENTS.items()
        for number, match in enumerate(pattern.finditer(text))
    ]


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    layout = LakeLayout(tmp_path_factory.mktemp("read") / "lake")
    publish_tables(layout, DAY, "daily", stage_run(layout, make_batch(), "one"), make_receipt())
    summarise_day(layout, DAY, 7)
    return layout.root


@pytest.mark.parametrize("code", blocks("python"))
def test_python(lake, capsys, code):
    assert 'lake = "data/lake"' in code
    exec(compile(code.replace("data/lake", str(lake)), "docs", "exec"), {})
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("code", blocks("sql"))
def test_sql(lake, monkeypatch, code):
    monkeypatch.chdir(lake)
    with duckdb.connect() as connection:
        connection.execute((lake / "views.sql").read_text())
        statements = duckdb.extract_statements(code)
        assert statements
        for statement in statements:
            connection.execute(statement).fetchall()


@pytest.mark.parametrize("code", blocks("sh"))
def test_commands_are_understood(code):
    start = ".venv/bin/python -m include.eventwire "
    for line in code.splitlines():
        if line.startswith(start):
            make_parser().parse_args(shlex.split(line.removeprefix(start)))
        else:
            assert line == "cd data/lake && duckdb -init views.sql"


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_what_there_is(name):
    for link, anchor in re.findall(r"\]\(([^)#:]+)(#[^)]*)?\)", DOCUMENTS[name]):
        path = PROJECT_ROOT / "docs" / link
        assert path.exists(), link
        if anchor:
            titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor[1:] in [title.lower().replace(" ", "-") for title in titles]
