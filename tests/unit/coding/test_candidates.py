from datetime import date

import pytest

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.candidates import find_candidates
from tests.unit.coding.lexicons import make_lexicon
from tests.unit.coding.sentences import KENYA_FREED_REBELS, REBELS_ATTACKED_KENYA
from tests.unit.parsed import parse

PROMISE = (
    "Kenya Kenya NNP nsubj 2 GPE",
    "vowed vow VBD ROOT 2 -",
    "to to TO aux 4 -",
    "free free VB xcomp 2 -",
    "rebels rebel NNS dobj 4 -",
)
SAID = (
    "Kenya Kenya NNP nsubj 2 GPE",
    "said say VBD ROOT 2 -",
    "rebels rebel NNS nsubj 4 -",
    "attacked attack VBD ccomp 2 -",
    "Uganda Uganda NNP dobj 4 GPE",
)
DEMANDED_TALKS = (
    "Kenya Kenya NNP nsubj 2 GPE",
    "demanded demand VBD ROOT 2 -",
    "talks talk NNS dobj 2 -",
)
TWICE = (
    "Rebels rebel NNS nsubj 2 -",
    "attacked attack VBD ROOT 2 -",
    "Kenya Kenya NNP dobj 2 GPE",
    "in in IN prep 2 -",
    "raids raid NNS pobj 4 -",
    "on on IN prep 5 -",
    "Kenya Kenya NNP pobj 6 GPE",
)
WITH_PARTICLE = (
    "Kenya Kenya NNP nsubj 2 GPE",
    "handed hand VBD ROOT 2 -",
    "over over RP prt 2 -",
    "rebels rebel NNS dobj 2 -",
)
PARTICLE_LATER = (
    "Kenya Kenya NNP nsubj 2 GPE",
    "handed hand VBD ROOT 2 -",
    "rebels rebel NNS dobj 2 -",
    "over over RP prt 2 -",
)


def with_auxiliaries(*auxiliaries):
    """Return "Kenya AUXILIARIES aid Uganda on Monday"."""
    verb = len(auxiliaries) + 2
    return (
        f"Kenya Kenya NNP nsubj {verb} GPE",
        *(f"{line} {verb} -" for line in auxiliaries),
        f"aid aid VB ROOT {verb} -",
        f"Uganda Uganda NNP dobj {verb} GPE",
    )


@pytest.fixture
def find(tmp_path):
    def find(sentences, *rows):
        doc = parse(*[line for sentence in sentences for line in (*sentence, "")])
        article = ArticleView(doc, date(2018, 4, 24))
        folder = tmp_path / str(sum(1 for _ in tmp_path.iterdir()))  # a lexicon is read once
        folder.mkdir()
        return [c.event for c in find_candidates(article, make_lexicon(folder, *rows))]

    return find


@pytest.mark.parametrize(
    ("sentence", "rows", "types"),
    [
        # What is promised, asked or refused is no act of its own; what is reported is one.
        (PROMISE, ["agree: vow,verb", "concede: free,verb"], ["AGREE"]),
        (PROMISE, ["accuse: vow,verb", "assault: free,verb"], ["ACCUSE", "ASSAULT"]),
        (SAID, ["accuse: say,verb", "assault: attack,verb"], ["ACCUSE", "ASSAULT"]),
        (SAID, ["threaten: say,verb", "assault: attack,verb"], ["THREATEN"]),
        (DEMANDED_TALKS, ["request: demand,verb", "consult: talk,noun"], ["REQUEST"]),
        (DEMANDED_TALKS, ["threaten: demand,verb", "consult: talk,noun"], ["THREATEN", "CONSULT"]),
        # A use that is no event makes none.
        (PROMISE, ["none: vow,verb", "concede: free,verb"], ["CONCEDE"]),
    ],
)
def test_the_act_inside_a_promise_demand_or_refusal_is_not_coded_again(find, sentence, rows, types):
    assert [event.event_type for event in find([sentence], *rows)] == types


def test_the_same_act_between_the_same_parties_is_coded_once_a_sentence_by_its_verb(find):
    rows = ["assault: attack,verb", "assault: raid,noun,,,,in.subj|verb>on"]
    (event,) = find([TWICE], *rows)
    assert (event.lemma, event.trigger_span) == ("attack", (7, 15))
    again = find([REBELS_ATTACKED_KENYA, REBELS_ATTACKED_KENYA], *rows)
    assert [event.sentence_index for event in again] == [0, 1]


@pytest.mark.parametrize(
    ("place", "row", "lemmas"),
    [
        # The noun names a party less, the same ones, another victim or attacker, one victim more.
        ("Kenya", "assault: raid,noun,,,,by>on", ["attack"]),
        ("Kenya", "assault: raid,noun,,,,in.subj|verb>on", ["attack"]),
        ("Uganda", "assault: raid,noun,,,,verb>on", ["attack", "raid"]),
        ("Kenya", "assault: raid,noun,,,,on>", ["attack", "raid"]),
        ("Uganda", "assault: raid,noun,,,,verb>verb.obj+on", ["raid"]),
    ],
)
def test_of_two_words_for_one_act_the_one_that_names_more_stays(find, place, row, lemmas):
    sentence = (*TWICE[:6], f"{place} {place} NNP pobj 6 GPE")
    assert [event.lemma for event in find([sentence], "assault: attack,verb", row)] == lemmas


def test_acts_of_other_types_or_parties_stay_in_text_order(find):
    rows = ["assault: attack,verb", "coerce: raid,noun,,,,verb>on"]
    assert [event.event_type for event in find([TWICE], *rows)] == ["ASSAULT", "COERCE"]
    both = find([KENYA_FREED_REBELS, REBELS_ATTACKED_KENYA], "concede: free,verb", *rows)
    assert [(e.sentence_index, e.event_type) for e in both] == [(0, "CONCEDE"), (1, "ASSAULT")]


WILL, MAY, NOT = "will will MD aux", "may may MD aux", "not not RB neg"


@pytest.mark.parametrize(
    ("auxiliaries", "row", "coded"),
    [
        ([], "consult: aid,verb,,visit", ("CONSULT", "visit", "asserted")),
        # Cooperation that is yet to come is a promise of it, without the mode of the act; what is
        # not to come is refused; what only may come is neither.
        ([WILL], "consult: aid,verb,,visit", ("AGREE", None, "asserted")),
        ([WILL], "aid: aid,verb", ("AGREE", None, "asserted")),
        ([WILL], "retreat: aid,verb", ("CONCEDE", None, "asserted")),
        ([WILL, NOT], "aid: aid,verb", ("REJECT", "assist", "asserted")),
        ([NOT], "aid: aid,verb", ("AID", None, "negated")),
        ([MAY], "aid: aid,verb", ("AID", None, "hypothetical")),
        # Conflict that is yet to come keeps its type.
        ([WILL], "assault: aid,verb", ("ASSAULT", None, "future")),
        ([WILL, NOT], "assault: aid,verb", ("ASSAULT", None, "negated")),
        # A frame that demands the word has used it up.
        ([WILL], "threaten: aid,verb,aux=will", ("THREATEN", None, "asserted")),
        ([NOT], "reject: aid,verb,neg", ("REJECT", None, "asserted")),
        ([NOT], "reject: aid,verb,!prt", ("REJECT", None, "negated")),
    ],
)
def test_realis_and_type_go_together(find, auxiliaries, row, coded):
    (event,) = find([with_auxiliaries(*auxiliaries)], row)
    assert (event.event_type, event.event_mode, event.realis) == coded


@pytest.mark.parametrize(
    ("sentence", "trigger"), [(WITH_PARTICLE, "handed over"), (PARTICLE_LATER, "handed")]
)
def test_the_trigger_is_the_head_with_a_particle_at_once_after_it(find, sentence, trigger):
    (event,) = find([sentence], "concede: hand,verb")
    start, end = event.trigger_span
    assert parse(*sentence).text[start:end] == trigger


def test_an_event_has_its_parties_date_place_and_source(find):
    sentence = (
        "Rebels rebel NNS nsubj 2 -",
        "attacked attack VBD ccomp 9 -",
        "Kenya Kenya NNP dobj 2 GPE",
        "near near IN prep 2 -",
        "Mombasa Mombasa NNP pobj 4 GPE",
        "on on IN prep 2 -",
        "Monday Monday NNP pobj 6 DATE",
        "police police NNS nsubj 9 -",
        "said say VBD ROOT 9 -",
    )
    (event,) = find([sentence], "assault: attack,verb,,,terrorism,,0.8")
    assert [party.codes for party in (*event.actors, *event.recipients)] == ["KEN.REB", "KEN.GOV"]
    assert (event.event_date, event.event_date_precision) == (date(2018, 4, 23), "day")
    assert (event.place.text, event.source.text) == ("Mombasa", "police")
    assert (event.contexts, event.confidence) == (("terrorism",), 0.8)
    assert event.rule_id == "assault.csv:2"


@pytest.mark.parametrize(
    ("lines", "trigger"),
    [
        (["Kenya Kenya NNP nsubj 2 GPE", "is be VBZ ROOT 2 -", "ready ready JJ acomp 2 -"],
         "is ready"),
        (["Kenya Kenya NNP nsubj 2 GPE", "is be VBZ ROOT 2 -", "on on IN prep 2 -",
          "strike strike NN pobj 3 -"], "is on strike"),
        (["Kenya Kenya NNP nsubj 2 GPE", "is be VBZ ROOT 2 -"], "is"),
    ],
)  # fmt: skip
def test_the_trigger_of_to_be_says_what(tmp_path, lines, trigger):
    lexicon = make_lexicon(tmp_path, "agree: be,verb,,,,,0.5")
    article = ArticleView(parse(*lines), None)
    (candidate,) = find_candidates(article, lexicon)
    assert article.doc.text[slice(*candidate.event.trigger_span)] == trigger
