import pytest

from include.eventwire.fetching.form import FIELDS, FetchFormError, read_form


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ({"sources": None, "max_pages": None}, ([], None)),
        ({"sources": "wire", "max_pages": 5}, (["wire"], 5)),
        ({"sources": " wire , post,", "max_pages": None}, (["wire", "post"], None)),
    ],
)
def test_reads_names_and_limit(form, read):
    assert read_form(form) == read


def test_an_unknown_field_is_named():
    with pytest.raises(FetchFormError, match="unknown: source; there are sources, max_pages"):
        read_form({**dict.fromkeys(FIELDS), "source": "wire"})
