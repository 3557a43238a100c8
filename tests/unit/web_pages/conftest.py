import pytest

from include.eventwire.web_pages.page_decoding import parse_page
from include.eventwire.web_pages.statements import read_statements


@pytest.fixture
def parse():
    """Return a function that parses a page into its tree and what it states."""

    def parse(page):
        tree = parse_page(page)
        return tree, read_statements(tree)

    return parse
