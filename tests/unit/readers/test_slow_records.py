"""A record that takes too long is one reject, whatever its format, and the others are read."""

import ast
import tempfile
from pathlib import Path

import pytest

from include.eventwire import readers
from include.eventwire.inputs.formats import FORMATS
from include.eventwire.readers.articles import make_article
from include.eventwire.records import Article
from include.eventwire.settings import Settings
from tests.fuzz.reading import check, read_bytes
from tests.fuzz.seeds import SEEDS

MODULES = sorted(Path(readers.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"sitemap"}))  # it has no texts
def test_a_record_that_takes_too_long_is_a_reject(format_, monkeypatch):
    calls = []

    def make_slowly(raw, context):
        calls.append(raw)
        while len(calls) == 1:
            pass
        return make_article(raw, context)

    with tempfile.TemporaryDirectory() as folder:
        read_bytes(SEEDS[format_][0], format_, Path(folder))  # what is loaded once is loaded now
        monkeypatch.setattr(readers, "make_article", make_slowly)
        settings = Settings(max_article_seconds=0.2)  # a fraction, so that nobody waits
        results = read_bytes(SEEDS[format_][0], format_, Path(folder), settings)
        check(results, Path(folder))
    late = [result for result in results if getattr(result, "reason", None) == "took_too_long"]
    assert len(late) >= 1
    assert "EVENTWIRE_MAX_ARTICLE_SECONDS" in late[0].detail
    n_articles = sum(isinstance(result, Article) for result in results)
    assert n_articles + len(late) >= len(calls)


@pytest.mark.parametrize("module", MODULES, ids=[path.stem for path in MODULES])
def test_no_reader_hands_on_a_record_while_its_alarm_is_set(module):
    # The alarm would ring in whoever reads, in the midst of something else.
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.With) and "time_limit(" in ast.unparse(node.items[0]):
            inside = (child for statement in node.body for child in ast.walk(statement))
            assert not any(isinstance(child, ast.Yield | ast.YieldFrom) for child in inside)
