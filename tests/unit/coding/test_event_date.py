from datetime import date

import pytest

from include.eventwire.coding.event_date import choose_date, dates_of_sentence
from tests.unit.parsed import parse, word

TUESDAY = date(2018, 4, 24)
SAID_ON_MONDAY = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "said say VBD ROOT 2 -",
    "on on IN prep 2 -",
    "Monday Monday NNP pobj 3 DATE",
    "that that IN mark 7 -",
    "it it PRP nsubj 7 -",
    "attacked attack VBD ccomp 2 -",
    "Kyiv Kyiv NNP dobj 7 GPE",
)
TWO_DAYS = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "said say VBD ROOT 2 -",
    "on on IN prep 2 -",
    "Monday Monday NNP pobj 3 DATE",
    "that that IN mark 7 -",
    "it it PRP nsubj 7 -",
    "attacked attack VBD ccomp 2 -",
    "Kyiv Kyiv NNP dobj 7 GPE",
    "on on IN prep 7 -",
    "Friday Friday NNP pobj 9 DATE",
)
SAID_IN_FULL = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "said say VBD ROOT 2 -",
    "on on IN prep 2 -",
    "March March NNP pobj 3 DATE",
    "5 5 CD nummod 4 I-DATE",
    ", , , punct 4 I-DATE",
    "2018 2018 CD nummod 4 I-DATE",
    "that that IN mark 10 -",
    "it it PRP nsubj 10 -",
    "attacked attack VBD ccomp 2 -",
    "Kyiv Kyiv NNP dobj 10 GPE",
)
LIGHT = parse(
    "Troops troop NNS nsubj 2 -",
    "launched launch VBD ROOT 2 -",
    "attacks attack NNS dobj 2 -",
    "on on IN prep 2 -",
    "Friday Friday NNP pobj 4 DATE",
)
POSSESSED = parse(
    "Kenya Kenya NNP nsubj 2 GPE",
    "condemned condemn VBD ROOT 2 -",
    "Friday Friday NNP poss 5 DATE",
    "'s 's POS case 3 -",
    "attack attack NN dobj 2 -",
)
AGREED_TO = parse(
    "Kenya Kenya NNP nsubj 2 GPE",
    "agreed agree VBD ROOT 2 -",
    "on on IN prep 2 -",
    "Monday Monday NNP pobj 3 DATE",
    "to to TO aux 6 -",
    "withdraw withdraw VB xcomp 2 -",
)
MANAGED_TO = parse(
    "Kenya Kenya NNP nsubj 2 GPE",
    "managed manage VBD ROOT 2 -",
    "on on IN prep 2 -",
    "Monday Monday NNP pobj 3 DATE",
    "to to TO aux 6 -",
    "withdraw withdraw VB xcomp 2 -",
)
JOINED = parse(
    "Police police NNS nsubj 2 -",
    "came come VBD ROOT 2 -",
    "on on IN prep 2 -",
    "Friday Friday NNP pobj 3 DATE",
    "and and CC cc 2 -",
    "arrested arrest VBD conj 2 -",
    "men man NNS dobj 6 -",
)
TO_COME = parse(
    "Leaders leader NNS nsubj 3 -",
    "will will MD aux 3 -",
    "meet meet VB ROOT 3 -",
    "on on IN prep 3 -",
    "Monday Monday NNP pobj 4 DATE",
)
CAPTION = parse(
    "Protesters protester NNS nsubj 2 -",
    "burn burn VBP ROOT 2 -",
    "tyres tyre NNS dobj 2 -",
    "in in IN prep 2 -",
    "Cairo Cairo NNP pobj 4 GPE",
    ", , , punct 5 -",
    "Egypt Egypt NNP appos 5 GPE",
    ", , , punct 7 -",
    "March March NNP appos 7 DATE",
    "5 5 CD nummod 9 I-DATE",
    ", , , punct 9 I-DATE",
    "2018 2018 CD nummod 9 I-DATE",
)


@pytest.mark.parametrize(
    ("doc", "head", "day"),
    [
        # A date hangs on one act; that of the report is not that of what is reported.
        (SAID_ON_MONDAY, "said", date(2018, 4, 23)),
        (SAID_ON_MONDAY, "attacked", None),
        (TWO_DAYS, "said", date(2018, 4, 23)),
        (TWO_DAYS, "attacked", date(2018, 4, 20)),
        (SAID_IN_FULL, "said", date(2018, 3, 5)),
        (SAID_IN_FULL, "attacked", None),
        # A noun has the date of its verb, its own before that; the verb has not that of the noun.
        (LIGHT, "attacks", date(2018, 4, 20)),
        (POSSESSED, "attack", date(2018, 4, 20)),
        (POSSESSED, "condemned", None),
        # An infinitive and a joined verb have that of the verb before, unless they are to come.
        (MANAGED_TO, "withdraw", date(2018, 4, 23)),
        (AGREED_TO, "withdraw", None),
        (JOINED, "arrested", date(2018, 4, 20)),
        # An act to come happens on the next such day.
        (TO_COME, "meet", date(2018, 4, 30)),
        # The full date under a photograph is that of what is seen.
        (CAPTION, "burn", date(2018, 3, 5)),
    ],
)
def test_chooses_the_date_that_hangs_on_the_act(doc, head, day):
    (sentence,) = doc.sents
    chosen, precision = choose_date(word(doc, head), dates_of_sentence(sentence, TUESDAY))
    assert (chosen, precision) == (day, "day" if day else None)


def test_a_date_is_found_with_the_head_of_its_expression():
    (sentence,) = CAPTION.sents
    ((token, mention),) = dates_of_sentence(sentence, TUESDAY)
    assert (token.text, mention.day) == ("March", date(2018, 3, 5))


def test_a_date_before_the_story_is_none_of_an_act():
    (sentence,) = LIGHT.sents
    assert dates_of_sentence(sentence, TUESDAY, len(sentence.text)) == []
