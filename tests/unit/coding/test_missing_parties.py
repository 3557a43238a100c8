import pytest

from include.eventwire.coding.missing_parties import fill_missing_parties
from tests.unit.coding.events import make_event, make_party

REBELS, ARMY = (make_party("KEN.REB"),), (make_party("KEN.MIL"),)
CIVILIANS, POLICE = (make_party("KEN.CVL"),), (make_party("KEN.COP"),)
BARE = make_event()


def codes(event):
    return ["|".join(party.codes for party in side) for side in (event.actors, event.recipients)]


@pytest.mark.parametrize(
    ("event", "others", "sides"),
    [
        # Each side is taken where the same act is told with it.
        (BARE, [make_event(actors=REBELS)], ["KEN.REB", ""]),
        (BARE, [make_event(actors=REBELS, recipients=CIVILIANS)], ["KEN.REB", "KEN.CVL"]),
        (
            make_event(recipients=CIVILIANS),
            [make_event(actors=REBELS, recipients=CIVILIANS)],
            ["KEN.REB", "KEN.CVL"],
        ),
        # What is known stays.
        (
            make_event(actors=ARMY, recipients=CIVILIANS),
            [make_event(actors=REBELS, recipients=POLICE)],
            ["KEN.MIL", "KEN.CVL"],
        ),
        # Another victim or attacker makes it another act; another type anyhow.
        (
            make_event(recipients=CIVILIANS),
            [make_event(actors=REBELS, recipients=POLICE)],
            ["", "KEN.CVL"],
        ),
        (
            make_event(actors=ARMY),
            [make_event(actors=REBELS, recipients=POLICE)],
            ["KEN.MIL", ""],
        ),
        (BARE, [make_event("COERCE", actors=REBELS)], ["", ""]),
        # What is agreed or given is not told again with other parties.
        (make_event("AGREE"), [make_event("AGREE", actors=REBELS)], ["", ""]),
        (make_event("AID"), [make_event("AID", actors=REBELS)], ["", ""]),
        # The same word comes first, then the nearer sentence.
        (
            BARE,
            [
                make_event(lemma="shoot", actors=REBELS),
                make_event(sentence_index=4, actors=ARMY),
            ],
            ["KEN.MIL", ""],
        ),
        (
            BARE,
            [
                make_event(sentence_index=4, actors=REBELS),
                make_event(sentence_index=2, actors=ARMY),
            ],
            ["KEN.MIL", ""],
        ),
        (BARE, [], ["", ""]),
    ],
)
def test_a_missing_side_is_that_of_the_same_act_told_elsewhere(event, others, sides):
    filled = fill_missing_parties([event, *others])
    assert codes(filled[0]) == sides
    assert len(filled) == 1 + len(others)


def test_what_was_filled_in_is_no_source_for_others():
    # The second has no attacker of its own; what it is given here must not wander to the third.
    events = [
        make_event(recipients=CIVILIANS, actors=REBELS),
        make_event(recipients=CIVILIANS),
        make_event(recipients=POLICE, actors=()),
    ]
    assert [codes(event)[0] for event in fill_missing_parties(events)] == ["KEN.REB", "KEN.REB", ""]


def test_both_sides_of_one_event_never_come_from_acts_that_contradict_each_other():
    events = [
        BARE,
        make_event(sentence_index=1, actors=REBELS, recipients=CIVILIANS),
        make_event(sentence_index=2, actors=ARMY, recipients=POLICE),
    ]
    assert codes(fill_missing_parties(events)[0]) == ["KEN.REB", "KEN.CVL"]


FIGHT = make_event(actors=REBELS, recipients=ARMY)


@pytest.mark.parametrize(
    ("event", "others", "recipient"),
    [
        # Whom the actor fights in this article, whichever of the two acts.
        (make_event("THREATEN", actors=REBELS), [FIGHT], "KEN.MIL"),
        (make_event("THREATEN", actors=ARMY), [FIGHT], "KEN.REB"),
        # The opponent met most often.
        (
            make_event("THREATEN", actors=REBELS),
            [make_event("COERCE", actors=POLICE, recipients=REBELS), FIGHT, FIGHT],
            "KEN.MIL",
        ),
        # Not those whom it helps, not those whom others fight, and none for acts against nobody.
        (
            make_event("THREATEN", actors=REBELS),
            [make_event("AID", actors=REBELS, recipients=CIVILIANS)],
            "",
        ),
        (make_event("THREATEN", actors=POLICE), [FIGHT], ""),
        (make_event("MOBILIZE", actors=REBELS), [FIGHT], ""),
        (make_event("AGREE", actors=REBELS), [FIGHT], ""),
        # A party is not its own opponent.
        (
            make_event("THREATEN", actors=REBELS),
            [make_event(actors=REBELS, recipients=(make_party("KEN.REB", 30),))],
            "",
        ),
    ],
)
def test_an_act_of_conflict_is_against_the_opponent_of_its_actor(event, others, recipient):
    filled = fill_missing_parties([event, *others])
    assert codes(filled[0])[1] == recipient
