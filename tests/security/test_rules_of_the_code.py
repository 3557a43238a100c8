"""What no code here may do: run what somebody wrote, or put his words into a query or a template.

This reads the code instead of running it, so that a new line is looked at as well.
"""

import ast
import re
from pathlib import Path

import pytest

from include.eventwire.settings import PROJECT_ROOT

SOURCES = sorted(
    path
    for folder in ("dags", "plugins", "include")
    for path in (PROJECT_ROOT / folder).rglob("*.py")
)
# Each makes code of data: calls by their full name, as the code writes them.
FORBIDDEN = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.execvp",
    "os.spawnl", "os.spawnv", "subprocess.getoutput", "subprocess.getstatusoutput",
    "commands.getoutput", "pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.load",
    "marshal.loads", "shelve.open", "dill.load", "dill.loads", "cloudpickle.load",
    "cloudpickle.loads", "joblib.load", "yaml.load", "yaml.unsafe_load", "yaml.full_load",
    "torch.load", "jsonpickle.decode", "tempfile.mktemp", "Markup", "markupsafe.Markup",
    "jinja2.Template", "Template", "pandas.read_pickle", "pd.read_pickle",
}  # fmt: skip
# Text that is HTML already: what a template made that escapes, and style sheets of the project.
ALLOWED = {"include/eventwire/reports/rendering.py": {"markupsafe.Markup"}}
# These start processes, and only with a list of words; each is looked at below.
STARTERS = {"subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call",
            "subprocess.check_output"}  # fmt: skip
# The modules that start processes: our own interpreter and servers, never by words of a form.
STARTING = {
    "include/eventwire/explorer/article_decisions.py",
    "include/eventwire/batches/careful_coding.py",
    "include/eventwire/local_airflow/components.py",
    "include/eventwire/local_airflow/sessions.py", "include/eventwire/local_engines/runs.py",
    "include/eventwire/local_engines/programs.py", "include/eventwire/local_engines/servers.py",
}  # fmt: skip
# Where a form or the address of a page is read: no SQL is made of text there.
READING_FORMS = {
    "include/eventwire/airflow_tasks/run_form.py", "include/eventwire/airflow_tasks/recode_form.py",
    "include/eventwire/maintenance/form.py", "include/eventwire/fetching/form.py",
    "include/eventwire/airflow_tasks/form_fields.py",
    "include/eventwire/airflow_tasks/recode_fields.py",
    "include/eventwire/summaries/fields.py", "include/eventwire/batches/planning.py",
    "include/eventwire/inputs/selection.py", "include/eventwire/batches/plan.py",
}  # fmt: skip
SQL = re.compile(r"\b(SELECT|INSERT INTO|DELETE FROM|CREATE (OR|TEMP|TABLE|VIEW)|COPY)\b")


def relative(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix()


def name_of(node: ast.expr) -> str:
    """Return a name or an attribute of one as it is written, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return ""


def calls(text: str) -> list[tuple[str, ast.Call]]:
    """Return the calls in some code, by the full names of what is called."""
    tree = ast.parse(text)
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            known |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names
            }
        elif isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := name_of(node.func)):
            first, dot, rest = name.partition(".")
            found.append((known.get(first, first) + dot + rest, node))
    return found


def breaches(text: str) -> list[str]:
    """Return what some code does that no code here may do."""
    found = []
    for name, call in calls(text):
        words = {word.arg: word.value for word in call.keywords}
        shell = words.get("shell")
        if name in FORBIDDEN:
            found.append(name)
        if shell is not None and not (isinstance(shell, ast.Constant) and shell.value is False):
            found.append("shell")
        if name in STARTERS and not isinstance(call.args[0], ast.List | ast.Call | ast.Name):
            found.append(f"{name} of a text")
    return found


def test_there_is_code_to_look_at():
    assert len(SOURCES) > 200


@pytest.mark.parametrize(
    "text",
    [
        "eval(form['day'])",
        "import os\nos.system('ls')",
        "from os import system\nsystem('ls')",
        "import subprocess\nsubprocess.run(['ls'], shell=True)",
        "from subprocess import run as go\ngo(f'ls {name}')",
        "import pickle as p\np.loads(b'')",
        "import yaml\nyaml.load(text)",
        "from jinja2 import Template\nTemplate(form['input']).render()",
    ],
)
def test_the_rules_find_what_they_are_for(text):
    assert breaches(text)


def test_the_rules_leave_the_rest_alone():
    assert breaches("import re, subprocess\nre.compile('a')\nsubprocess.run(['ls'])") == []


def test_no_code_is_made_of_data_and_no_shell_is_started():
    found = {
        relative(path): set(breaches(path.read_text(encoding="utf-8")))
        - ALLOWED.get(relative(path), set())
        for path in SOURCES
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_only_these_modules_start_processes():
    starting = {
        relative(path)
        for path in SOURCES
        if any(name in STARTERS for name, _ in calls(path.read_text(encoding="utf-8")))
    }
    assert starting <= STARTING


def test_who_reads_forms_makes_no_sql():
    for path in SOURCES:
        if relative(path) in READING_FORMS:
            assert not SQL.search(path.read_text(encoding="utf-8")), path


def is_sql(node: ast.JoinedStr) -> bool:
    written = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    return bool(SQL.search(written))


def test_what_stands_in_sql_is_no_value_of_a_form():
    """SQL is put together of names, calls and attributes of ours; no item of a mapping, such as
    `form["day"]`, is among them."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and is_sql(node):
                for part in node.values:
                    if isinstance(part, ast.FormattedValue):
                        words = {name_of(name) for name in ast.walk(part.value) if name_of(name)}
                        told = words & {"form", "params", "request", "context", "conf"}
                        assert not told, (relative(path), node.lineno, told)


def test_templates_of_tasks_are_fixed():
    """The one template of the DAGs is the label, into which the text of a label is put as a value.

    Airflow renders no value that a task hands on; a template made of a value would be rendered.
    """
    names = ("map_index_template", "templates_dict", "bash_command")
    templates = {
        (word.arg, ast.unparse(word.value))
        for path in SOURCES
        for _, call in calls(path.read_text(encoding="utf-8"))
        for word in call.keywords
        if word.arg in names
    }
    assert templates == {("map_index_template", "'{{ label }}'")}


def test_pages_escape_what_they_show():
    """No template switches the escaping off: the text of articles is shown on the pages."""
    folder = PROJECT_ROOT / "include" / "eventwire"
    templates = [path for path in folder.rglob("templates/*") if path.is_file()]
    assert templates
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|{%-?\s*autoescape", text), path
    environments = [
        (relative(path), {word.arg: ast.unparse(word.value) for word in call.keywords})
        for path in SOURCES
        for name, call in calls(path.read_text(encoding="utf-8"))
        if name.rpartition(".")[2] in ("Environment", "SandboxedEnvironment")
    ]
    assert environments
    for path, words in environments:
        assert words.get("autoescape") in ("True", "select_autoescape()"), path
