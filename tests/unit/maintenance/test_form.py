import pytest

from include.eventwire.maintenance.form import FIELDS, MaintainFormError, Wishes, read_form

EMPTY = dict.fromkeys(FIELDS)
ALL = frozenset({"sweep", "compact"})


@pytest.mark.parametrize(
    ("form", "wishes"),
    [
        ({}, Wishes(ALL, None, None, False)),
        ({"steps": "verify"}, Wishes(frozenset(), None, None, False)),
        ({"steps": "compact"}, Wishes(frozenset({"compact"}), None, None, False)),
        (
            {"forget": " abc ", "reason": "asked", "with_copies": True},
            Wishes(frozenset(), "abc", "asked", True),
        ),
        ({"forget": "abc", "steps": "sweep"}, Wishes(frozenset({"sweep"}), "abc", None, False)),
    ],
)
def test_the_form_tells_what_to_do(form, wishes):
    assert read_form({**EMPTY, **form}) == wishes


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"reason": "asked"}, "names no article"),
        ({"with_copies": True}, "names no article"),
        ({"forgett": "abc"}, "unknown: forgett"),
    ],
)
def test_a_mistake_is_told(form, says):
    with pytest.raises(MaintainFormError, match=says):
        read_form({**EMPTY, **form})
