from datetime import date

import pytest

from include.eventwire.mentions import make_mentions
from tests.unit.parsed import parse

DAY = date(2018, 4, 24)
DOC = parse(
    "Angela Angela NNP compound 2 PERSON",
    "Merkel Merkel NNP nsubj 3 I-PERSON",
    "visited visit VBD ROOT 3 -",
    "Lagos Lagos NNP dobj 3 GPE",
    "on on IN prep 3 -",
    "Monday Monday NNP pobj 5 DATE",
    "",
    "NATO NATO NNP nsubj 2 ORG",
    "warned warn VBD ROOT 2 -",
    "Kenyans Kenyans NNPS dobj 2 NORP",
    "near near IN prep 2 -",
    "Qwxton Qwxton NNP pobj 4 GPE",
)


def only(label, surface, published=DAY):
    doc = parse(f"{surface} {surface} NNP ROOT 1 {label}")
    (mention,) = make_mentions(doc, "a1", published)
    return mention


def test_every_named_entity_is_a_mention_in_text_order():
    mentions = make_mentions(DOC, "a1", DAY)
    assert [(m.text, m.label, m.sentence_index) for m in mentions] == [
        ("Angela Merkel", "PERSON", 0),
        ("Lagos", "GPE", 0),
        ("Monday", "DATE", 0),
        ("NATO", "ORG", 1),
        ("Kenyans", "NORP", 1),
        ("Qwxton", "GPE", 1),
    ]
    assert [m.mention_index for m in mentions] == list(range(6))
    assert {m.article_id for m in mentions} == {"a1"}
    assert [DOC.text[m.start_char : m.end_char] for m in mentions] == [m.text for m in mentions]


@pytest.mark.parametrize(
    ("label", "surface", "entity_id", "country_code"),
    [
        ("GPE", "Lagos", "geonames:2332459", "NGA"),
        ("GPE", "Kenya", "country:KEN", "KEN"),
        ("ORG", "NATO", "igo:nato", "IGO"),
        ("PERSON", "Okoth", None, None),
        ("PERSON", "Merkel", "person:angela-merkel", "DEU"),
        # A people has a country and is no entity.
        ("NORP", "Kenyans", None, "KEN"),
        ("GPE", "Qwxton", None, None),
        # A number, a day or a law is linked to nothing, whatever its words.
        ("DATE", "Lagos", None, None),
        ("LAW", "Kenya", None, None),
        # The name of a body is no place.
        ("FAC", "NATO", None, None),
    ],
)
def test_known_names_are_linked(label, surface, entity_id, country_code):
    mention = only(label, surface)
    assert (mention.entity_id, mention.country_code) == (entity_id, country_code)
    assert (mention.entity_name is None) == (entity_id is None)


def test_a_town_has_a_point_and_a_country_none():
    lagos, kenya = only("GPE", "Lagos"), only("GPE", "Kenya")
    assert lagos.latitude == pytest.approx(6.45, abs=0.1)
    assert lagos.longitude == pytest.approx(3.4, abs=0.1)
    assert (kenya.latitude, kenya.longitude) == (None, None)


def test_an_article_without_names_has_no_mentions():
    assert make_mentions(parse("Nothing nothing NN ROOT 1 -"), "a1", None) == []


@pytest.mark.parametrize(
    ("lines", "mentions"),
    [
        # A surname alone is the person named before, whatever the model calls it.
        (
            ["Wang Wang NNP compound 2 PERSON", "Yi Yi NNP nsubj 3 I-PERSON",
             "met meet VBD ROOT 3 -", "", "Wang Wang NNP nsubj 2 ORG", "left leave VBD ROOT 2 -"],
            [("Wang Yi", "PERSON", "person:wang-yi"), ("Wang", "PERSON", "person:wang-yi")],
        ),
        (
            ["Anna Anna NNP compound 2 PERSON", "Okoth Okoth NNP nsubj 3 I-PERSON",
             "met meet VBD ROOT 3 -", "", "Okoth Okoth NNP nsubj 2 GPE", "left leave VBD ROOT 2 -"],
            [("Anna Okoth", "PERSON", None), ("Okoth", "PERSON", None)],
        ),
        # A title is no part of the name.
        (
            ["Chancellor Chancellor NNP compound 2 PERSON", "Merkel Merkel NNP ROOT 2 I-PERSON"],
            [("Merkel", "PERSON", "person:angela-merkel")],
        ),
        (["General General NNP ROOT 1 PERSON"], [("General", "PERSON", None)]),
        # A gathering is no body.
        (
            ["Qingdao Qingdao NNP compound 2 ORG", "Summit Summit NNP ROOT 2 I-ORG"],
            [("Qingdao Summit", "EVENT", None)],
        ),
    ],
)  # fmt: skip
def test_typical_faults_of_the_model_are_mended(lines, mentions):
    made = make_mentions(parse(*lines), "a1", DAY)
    assert [(m.text, m.label, m.entity_id) for m in made] == mentions
