"""What a DAG file costs Airflow, which reads it again and again."""

import subprocess
import sys
from pathlib import Path

import pytest

from include.eventwire.local_airflow.home import make_environment, prepare_home
from include.eventwire.settings import PROJECT_ROOT

DAG_FILES = sorted((PROJECT_ROOT / "dags").glob("*.py"))
HEAVY = ("duckdb", "numpy", "pandas", "pyarrow", "spacy", "thinc")
PARSE = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("dag_file", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(*sorted(sys.modules))
"""


@pytest.mark.airflow
@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.stem)
def test_a_dag_file_is_parsed_without_heavy_packages(file: Path, tmp_path: Path):
    parsed = subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", PARSE, file],
        env=make_environment(prepare_home(tmp_path), port=1, inherited={}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert parsed.returncode == 0, parsed.stderr
    loaded = set(parsed.stdout.splitlines()[-1].split())
    assert "airflow.sdk" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_there_are_dags():
    assert "code_news" in [file.stem for file in DAG_FILES]
