from datetime import date

import pytest

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.realis import find_realis
from tests.unit.parsed import parse, word

DAY = date(2018, 4, 24)


def realis(lines, head, day=None, precision=None):
    doc = parse(*lines)
    article = ArticleView(doc, DAY)
    token = word(doc, head)
    return find_realis(token, day, precision, article.sentence_of(token), article)


def with_auxiliary(auxiliary, tag="MD", label="aux"):
    """Return "Kenya AUXILIARY attack or invade Somalia"."""
    return (
        "Kenya Kenya NNP nsubj 3 GPE",
        f"{auxiliary} {auxiliary} {tag} {label} 3 -",
        "attack attack VB ROOT 3 -",
        "or or CC cc 3 -",
        "invade invade VB conj 3 -",
        "Somalia Somalia NNP dobj 5 GPE",
    )


def with_infinitive(governor, lemma, label="xcomp"):
    """Return "Kenya GOVERNOR to attack Somalia"."""
    return (
        "Kenya Kenya NNP nsubj 2 GPE",
        f"{governor} {lemma} VBD ROOT 2 -",
        "to to TO aux 4 -",
        f"attack attack VB {label} 2 -",
        "Somalia Somalia NNP dobj 4 GPE",
    )


def with_clause(governor, lemma, *before):
    """Return "Kenya GOVERNOR (BEFORE) it attacked Somalia"."""
    return (
        "Kenya Kenya NNP nsubj 2 GPE",
        f"{governor} {lemma} VBD ROOT 2 -",
        "it it PRP nsubj 4 -",
        "attacked attack VBD ccomp 2 -",
        *before,
        "Somalia Somalia NNP dobj 4 GPE",
    )


def with_adverb(*adverb, tag="VBD", auxiliary=()):
    """Return "Kenya attacked ADVERB"."""
    return ("Kenya Kenya NNP nsubj 2 GPE", f"attacked attack {tag} ROOT 2 -", *auxiliary, *adverb)


def with_noun(*before, auxiliary="were be VBD auxpass", after=None):
    """Return "BEFORE talks (AFTER) were held"."""
    noun = len(before) + 1
    head = noun + (3 if after else 2)
    lines = [*before, f"talks talk NNS nsubjpass {head} -", *([after] if after else [])]
    lines += [f"{auxiliary} {head} -", f"held hold VBN ROOT {head} -"]
    return [line.format(noun=noun) for line in lines]


def with_object(governor, lemma, thing="talks talk NNS dobj 2 -"):
    """Return "Kenya GOVERNOR talks"."""
    return ("Kenya Kenya NNP nsubj 2 GPE", f"{governor} {lemma} VBD ROOT 2 -", thing)


CONSIDERED = (
    "Kenya Kenya NNP nsubj 2 GPE",
    "considered consider VBD ROOT 2 -",
    "attacking attack VBG xcomp 2 -",
)
WILL_PUSH = (
    "Kenya Kenya NNP nsubj 3 GPE",
    "will will MD aux 3 -",
    "push push VB ROOT 3 -",
    "for for IN prep 3 -",
    "talks talk NNS pobj 4 -",
)
NO_CLAIM = (
    "No no DT det 2 -",
    "group group NN nsubj 3 -",
    "claimed claim VBD ROOT 3 -",
    "responsibility responsibility NN dobj 3 -",
)


def with_gerund(governor, lemma, preposition):
    """Return "Kenya GOVERNOR PREPOSITION attacking"."""
    return (
        "Kenya Kenya NNP nsubj 2 GPE",
        f"{governor} {lemma} VBD ROOT 2 -",
        f"{preposition} {preposition} IN prep 2 -",
        "attacking attack VBG pcomp 3 -",
    )


@pytest.mark.parametrize(
    ("lines", "head", "expected"),
    [
        # Done.
        (with_adverb(), "attacked", "asserted"),
        (with_infinitive("managed", "manage"), "attack", "asserted"),
        (with_infinitive("called", "call", "advcl"), "attack", "asserted"),
        (with_clause("said", "say"), "attacked", "asserted"),
        (with_gerund("ended", "end", "by"), "attacking", "asserted"),
        (with_noun(), "talks", "asserted"),
        (with_object("held", "hold"), "talks", "asserted"),
        (with_auxiliary("because", "IN", "mark"), "attack", "asserted"),
        (with_noun(after="organised organise VBN acl {noun} -"), "talks", "asserted"),
        # Denied.
        (with_auxiliary("not", "RB", "neg"), "attack", "negated"),
        (with_auxiliary("never", "RB", "neg"), "attack", "negated"),
        (with_auxiliary("not", "RB", "neg"), "invade", "negated"),
        (with_object("killed", "kill", "nobody nobody NN dobj 2 -"), "killed", "negated"),
        (with_noun("No no DT det {noun} -"), "held", "negated"),
        (with_infinitive("failed", "fail"), "attack", "negated"),
        (with_gerund("left", "leave", "without"), "attacking", "negated"),
        (with_noun("No no DT det {noun} -"), "talks", "negated"),
        # An attack that nobody owns up to took place.
        (NO_CLAIM, "claimed", "asserted"),
        # To come.
        (with_auxiliary("will"), "attack", "future"),
        (with_auxiliary("will"), "invade", "future"),
        (with_auxiliary("shall"), "attack", "future"),
        (with_infinitive("planned", "plan"), "attack", "future"),
        (with_infinitive("vowed", "vow"), "attack", "future"),
        (with_infinitive("is", "be"), "attack", "future"),
        (with_clause("said", "say", "would would MD aux 4 -"), "attacked", "future"),
        (with_noun("Upcoming upcoming JJ amod {noun} -"), "talks", "future"),
        (with_noun(auxiliary="will will MD aux"), "talks", "future"),
        (with_object("planned", "plan"), "talks", "future"),
        (with_noun(after="planned plan VBN acl {noun} -"), "talks", "future"),
        (WILL_PUSH, "talks", "future"),
        # Only possible.
        (CONSIDERED, "attacking", "hypothetical"),
        (with_auxiliary("may"), "attack", "hypothetical"),
        (with_auxiliary("may"), "invade", "hypothetical"),
        (with_auxiliary("would"), "attack", "hypothetical"),
        (with_auxiliary("if", "IN", "mark"), "attack", "hypothetical"),
        (with_clause("asked", "ask", "whether whether IN mark 4 -"), "attacked", "hypothetical"),
        (with_noun(auxiliary="could could MD aux"), "talks", "hypothetical"),
        # Long past.
        (with_adverb("in in IN prep 2 -", "1994 1994 CD pobj 3 DATE"), "attacked", "historical"),
        (
            with_adverb("decades decade NNS npadvmod 4 DATE", "ago ago RB advmod 2 I-DATE"),
            "attacked",
            "historical",
        ),
        (with_adverb("in in IN prep 2 -", "2017 2017 CD pobj 3 DATE"), "attacked", "asserted"),
        # What holds since an old year holds still.
        (
            with_adverb(
                "since since IN prep 2 -",
                "1994 1994 CD pobj 4 DATE",
                tag="VBN",
                auxiliary=("has have VBZ aux 2 -",),
            ),
            "attacked",
            "asserted",
        ),
    ],
)
def test_tells_whether_an_act_took_place(lines, head, expected):
    assert realis(lines, head) == expected


@pytest.mark.parametrize(
    ("day", "precision", "expected"),
    [
        (date(2018, 4, 24), "day", "asserted"),
        (date(2018, 4, 25), "day", "future"),
        (date(2017, 3, 20), "day", "asserted"),
        (date(2017, 1, 1), "day", "historical"),
        (date(2017, 1, 1), "year", "asserted"),
        (date(2015, 1, 1), "year", "historical"),
        (date(2016, 11, 1), "month", "historical"),
    ],
)
def test_a_day_decides_between_past_news_and_future(day, precision, expected):
    assert realis(with_adverb(), "attacked", day, precision) == expected


def test_a_denied_act_is_denied_whenever_it_was():
    assert realis(with_auxiliary("not", "RB", "neg"), "attack", date(1994, 1, 1), "day") == (
        "negated"
    )


def test_without_a_day_of_publication_no_year_is_long_past():
    doc = parse(*with_adverb("in in IN prep 2 -", "1994 1994 CD pobj 3 DATE"))
    article = ArticleView(doc, None)
    for day in (None, date(1994, 1, 1)):
        assert find_realis(doc[1], day, "year", article.sentences[0], article) == "asserted"
