"""The settings that docs/reliability.md explains are those that are set."""

import re

import yaml

from include.eventwire.local_airflow.home import make_environment, prepare_home
from include.eventwire.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
COMPOSE = PROJECT_ROOT / "deploy" / "docker-compose.yaml"


def explained():
    """Return the value that the page gives as ours for each variable."""
    rows = re.findall(r"^\| `(AIRFLOW__\w+)`.*?\|[^|]*\| (\w+) \|", PAGE, re.MULTILINE)
    return dict(rows)


def test_the_local_airflow_has_the_settings_that_are_explained(tmp_path):
    made = make_environment(prepare_home(tmp_path), port=8080, inherited={})
    found = {name: made[name] for name in explained() if name in made}
    assert len(found) >= 4
    assert found == {name: explained()[name] for name in found}


def test_the_compose_file_has_the_settings_that_are_explained():
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    made = services["scheduler"]["environment"]
    found = {name: made[name] for name in explained() if name in made}
    assert len(found) >= 6
    assert found == {name: explained()[name] for name in found}
