from datetime import date

import pytest

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.matching import Matcher
from include.eventwire.coding.parties import PartyFinder
from include.eventwire.coding.roles import find_parties
from tests.unit.coding.lexicons import make_lexicon
from tests.unit.parsed import parse

ATTACK = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "attacked attack VBD ROOT 2 -",
    "Kenya Kenya NNP dobj 2 GPE",
    "with with IN prep 2 -",
    "Iran Iran NNP pobj 4 GPE",
    "and and CC cc 5 -",
    "Uganda Uganda NNP conj 5 GPE",
)
PASSIVE = parse(
    "Kenya Kenya NNP nsubjpass 3 GPE",
    "was be VBD auxpass 3 -",
    "attacked attack VBN ROOT 3 -",
    "by by IN agent 3 -",
    "Russia Russia NNP pobj 4 GPE",
)
BOMBS = parse(
    "Bombs bomb NNS nsubj 2 -",
    "hit hit VBD ROOT 2 -",
    "bridges bridge NNS dobj 2 -",
)
BOMBS_IN_UGANDA = parse(
    "Bombs bomb NNS nsubj 2 -",
    "hit hit VBD ROOT 2 -",
    "bridges bridge NNS dobj 2 -",
    "in in IN prep 3 -",
    "Uganda Uganda NNP pobj 4 GPE",
)
OWNED = parse(
    "Kenya Kenya NNP poss 3 GPE",
    "'s 's POS case 1 -",
    "bombs bomb NNS nsubj 4 -",
    "hit hit VBD ROOT 4 -",
    "bridges bridge NNS dobj 4 -",
    "in in IN prep 5 -",
    "Uganda Uganda NNP pobj 6 GPE",
)
BLOCKADE = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "lifted lift VBD ROOT 2 -",
    "its its PRP$ poss 4 -",
    "blockade blockade NN dobj 2 -",
    "of of IN prep 4 -",
    "Kenya Kenya NNP pobj 5 GPE",
)
LIGHT = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "launched launch VBD ROOT 2 -",
    "strikes strike NNS dobj 2 -",
    "on on IN prep 3 -",
    "Kenya Kenya NNP pobj 4 GPE",
)
GAVE = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "gave give VBD ROOT 2 -",
    "weapons weapon NNS dobj 2 -",
    "to to IN prep 2 -",
    "Kenya Kenya NNP pobj 4 GPE",
)
POSSESSOR = parse(
    "Russia Russia NNP poss 3 GPE",
    "'s 's POS case 1 -",
    "strikes strike NNS nsubj 6 -",
    "on on IN prep 3 -",
    "Kenya Kenya NNP pobj 4 GPE",
    "failed fail VBD ROOT 6 -",
)
DEMAND = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "demanded demand VBD ROOT 2 -",
    "that that IN mark 5 -",
    "Kenya Kenya NNP nsubj 5 GPE",
    "leave leave VB ccomp 2 -",
    "Uganda Uganda NNP dobj 5 GPE",
)
STATEMENT = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "released release VBD ROOT 2 -",
    "a a DT det 4 -",
    "statement statement NN dobj 2 -",
    "denouncing denounce VBG acl 4 -",
    "Kenya Kenya NNP dobj 5 GPE",
)


@pytest.mark.parametrize(
    ("doc", "row", "sides"),
    [
        # The subject acts on the object, in the passive as well.
        (ATTACK, "assault: attack,verb", ["RUS.GOV", "KEN.GOV"]),
        (PASSIVE, "assault: attack,verb", ["RUS.GOV", "KEN.GOV"]),
        # Of alternatives the first that names a party counts, and joined parties come together.
        (ATTACK, "assault: attack,verb,,,,subj>with|obj", ["RUS.GOV", "IRN.GOV UGA.GOV"]),
        (ATTACK, "assault: attack,verb,,,,subj>on|obj", ["RUS.GOV", "KEN.GOV"]),
        # A union takes all of them, in text order; a mutual act has no recipients.
        (
            ATTACK,
            "consult: attack,verb,,,,with+subj+obj>",
            ["RUS.GOV KEN.GOV IRN.GOV UGA.GOV", ""],
        ),
        # Who acts is not acted on by the same word.
        (ATTACK, "assault: attack,verb,,,,subj>subj|obj", ["RUS.GOV", "KEN.GOV"]),
        # No parties at all; or those to whom the things belong.
        (BOMBS, "assault: hit,verb", ["", ""]),
        (BOMBS_IN_UGANDA, "assault: hit,verb", ["", ""]),
        (OWNED, "assault: hit,verb", ["KEN.GOV", "UGA.GOV"]),
        (BLOCKADE, "retreat: lift,verb", ["RUS.GOV", "KEN.GOV"]),
        # A noun: its possessor, or the subject of its light verb.
        (POSSESSOR, "assault: strike,noun", ["RUS.GOV", "KEN.GOV"]),
        (LIGHT, "assault: strike,noun", ["RUS.GOV", "KEN.GOV"]),
        (GAVE, "aid: weapon,noun", ["RUS.GOV", "KEN.GOV"]),
        # Who is asked stands in the clause; only where something is asked, promised or refused.
        (DEMAND, "request: demand,verb", ["RUS.GOV", "KEN.GOV"]),
        (DEMAND, "consult: demand,verb", ["RUS.GOV", ""]),
        (DEMAND, "request: demand,verb,,,,subj>", ["RUS.GOV", ""]),
        # A document speaks for who made it.
        (STATEMENT, "accuse: denounce,verb", ["RUS.GOV", "KEN.GOV"]),
    ],
)
def test_parties_stand_in_the_roles_of_the_frame(tmp_path, doc, row, sides):
    parties = PartyFinder(ArticleView(doc, date(2018, 4, 24)))
    matcher = Matcher(make_lexicon(tmp_path, row), parties.is_kind)
    (match,) = matcher.find_all(doc)
    found = find_parties(match, parties)
    assert [" ".join(party.codes for party in side) for side in found] == sides
