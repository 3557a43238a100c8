from include.eventwire.airflow_tasks.form_fields import FIELDS
from include.eventwire.inputs.formats import FORMATS


def test_every_field_says_what_it_is_and_may_stay_empty():
    for name, field in FIELDS.items():
        assert field["title"], name
        assert field["description"].endswith("."), name
        assert "null" in field["type"], name


def test_offers_the_formats_that_there_are_readers_for():
    assert FIELDS["format"]["enum"] == [None, *FORMATS]
