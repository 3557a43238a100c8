"""What is installed is what was locked: every package by version and hash, wherever it goes."""

import re

import pytest

from include.eventwire.settings import PROJECT_ROOT

LOCKS = sorted([*PROJECT_ROOT.glob("requirements*.txt"), *PROJECT_ROOT.glob("deploy/*.txt")])
PINNED = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[a-z0-9,_-]+\])?==[0-9][A-Za-z0-9.+!]*( ; [^\\]+)?"
    r"( --hash=sha256:[0-9a-f]{64})+"
)
MAKEFILE = PROJECT_ROOT / "Makefile"


def requirements(text):
    """Return the requirements of a lock, each in one line; comments and blank lines apart."""
    joined = re.sub(r"\s*\\\n\s*", " ", text)
    return [line.strip() for line in joined.splitlines() if line.strip() and line[0] != "#"
            and not line.lstrip().startswith("#")]  # fmt: skip


def test_there_are_locks():
    names = {path.relative_to(PROJECT_ROOT).as_posix() for path in LOCKS}
    assert {"requirements.txt", "requirements-dev.txt", "deploy/requirements.txt"} <= names


@pytest.mark.parametrize(
    "line",
    [
        "httpx==0.28.1",
        "httpx>=0.28 --hash=sha256:" + "a" * 64,
        "httpx==0.28.1 --hash=md5:" + "a" * 32,
        "git+https://example.org/httpx.git",
        "https://example.org/httpx.whl --hash=sha256:" + "a" * 64,
        "--extra-index-url https://example.org/simple",
        "-e .",
    ],
)
def test_what_is_not_pinned_is_seen(line):
    assert not PINNED.fullmatch(line)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_line_of_a_lock_is_a_version_with_hashes(lock):
    lines = requirements(lock.read_text(encoding="utf-8"))
    assert lines
    assert [line[:80] for line in lines if not PINNED.fullmatch(line)] == []


def test_every_lock_is_made_of_a_file_that_says_what_is_wanted():
    assert all(path.with_suffix(".in").exists() for path in LOCKS)


def test_everything_that_installs_asks_for_hashes():
    """Each line of Makefile and Dockerfiles that installs Python packages."""
    lines = []
    for path in (MAKEFILE, *PROJECT_ROOT.rglob("Dockerfile")):
        if ".venv" not in path.parts:
            text = re.sub(r"\\\n", " ", path.read_text(encoding="utf-8"))
            lines += [line for line in text.splitlines() if re.search(r"\bpip3? install\b", line)]
    assert len(lines) >= 3
    assert [line for line in lines if "--require-hashes" not in line] == []


def test_nothing_else_than_the_index_is_asked_for_packages():
    for path in (*LOCKS, *PROJECT_ROOT.glob("requirements*.in"), MAKEFILE):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host", text), path.name
