"""spaCy's entity recogniser, deciding on all tokens of texts at once: the same entities, sooner.

The recogniser walks through a text token by token. As long as no name is open, what it decides
depends on the token alone, so all tokens can be decided together; only within a name the next step
needs the one before. In spaCy 3.8.16 every look at a state also takes and gives back the
interpreter's lock, hundreds of times a token: two thirds of the recogniser's time.

The arithmetic is spaCy's (`parser_model.pyx`), and so are the rules on what may follow what
(`_parser_internals/ner.pyx`), for texts in which no entity is set before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
from spacy.attrs import ENT_IOB, IS_SPACE, SENT_START
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span

from include.eventwire.parsing.text_by_text import multiply_rows

NAME: Final = "batched_entities"
RECOGNISER: Final = "ner"

# A state is the token, the first of the open name and the one before; without a name the token.
_N_FEATURES: Final = 3

_Floats = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int64]
_Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Moves:
    """The moves of a recogniser: their kinds ("B", "I", "L", "U", "O") and labels, by number."""

    kinds: tuple[str, ...]
    labels: tuple[str, ...]
    # By the number of the move that begins a name: those that go on with it and end it.
    goes_on: _Ints
    ends: _Ints

    @classmethod
    def of(cls, names: Sequence[str]) -> _Moves:
        """Take the names of the moves as spaCy tells them ("B-PERSON", "O")."""
        number_of = {name: number for number, name in enumerate(names)}
        parts = [name.partition("-") for name in names]
        opens = [kind == "B" for kind, _, _ in parts]
        after = {
            kind: np.array(
                [number_of[f"{kind}-{label}"] if is_open else -1
                 for is_open, (_, _, label) in zip(opens, parts, strict=True)]
            )
            for kind in "IL"
        }  # fmt: skip
        kinds, labels = tuple(part[0] for part in parts), tuple(part[2] for part in parts)
        return cls(kinds, labels, after["I"], after["L"])

    def of_kinds(self, kinds: str) -> _Ints:
        """Return the numbers of the moves of some kinds that have a label, or need none."""
        wanted = [
            number
            for number, (kind, label) in enumerate(zip(self.kinds, self.labels, strict=True))
            if kind in kinds and (label or kind == "O")
        ]
        return np.array(wanted, dtype=np.int64)


class BatchedEntities:
    """Sets the entities that an `EntityRecognizer` sets."""

    def __init__(self, recogniser: EntityRecognizer) -> None:
        """Take the recogniser of a loaded pipeline.

        Raises:
            ValueError: It decides in another way than is done here.
        """
        if not is_batchable(recogniser):
            raise ValueError("this entity recogniser decides in a way that is not known")
        self._recogniser = recogniser
        moves = recogniser.moves
        # All of them: `move_names` leaves one out.
        self._moves = _Moves.of([*map(moves.get_class_name, range(moves.n_moves))])

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of one text."""
        (done,) = self.pipe([doc])
        return done

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Set the entities of texts, so many at once."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            self._set_entities([doc for doc in docs if len(doc)])
            yield from docs

    def _set_entities(self, docs: Sequence[Doc]) -> None:
        if any(doc.to_array(ENT_IOB).any() for doc in docs):
            for _ in self._recogniser.pipe(docs):
                pass
        elif docs:
            walk = _Walk(self._recogniser, self._moves, docs)
            first = 0
            for doc, found in zip(docs, walk.find(), strict=True):
                spans = [
                    Span(doc, start - first, end - first, label=self._moves.labels[move])
                    for start, end, move in found
                ]
                doc.set_ents(cast("list[Any]", spans), default="outside")
                first += len(doc)


class _Walk:
    """One walk through the tokens of a batch, numbered through all its texts."""

    def __init__(self, recogniser: EntityRecognizer, moves: _Moves, docs: Sequence[Doc]) -> None:
        model = cast("Any", recogniser.model)
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        self._moves = moves
        self._lengths = [len(doc) for doc in docs]
        # What each token contributes to a state, for each of its places in it; the first row is
        # for places that nothing fills.
        self._parts: _Floats = lower.predict(model.get_ref("tok2vec").predict(docs))
        self._bias: _Floats = lower.get_param("b")
        self._weights: _Floats = upper.get_param("W")
        self._class_bias: _Floats = upper.get_param("b")
        self._is_space = np.concatenate([doc.to_array(IS_SPACE) for doc in docs]).astype(bool)
        self._ends_sentence = np.concatenate([_sentence_ends(doc) for doc in docs])

    def find(self) -> Iterator[list[tuple[int, int, int]]]:
        """Yield for each text its names: first token, token after the last, and a move's number."""
        chosen = self._choose_outside()
        kinds = np.array(self._moves.kinds)[chosen]
        (begins,) = np.nonzero(kinds == "B")
        ends = dict(zip(begins.tolist(), self._find_ends(begins, chosen[begins]), strict=True))
        (opening,) = np.nonzero((kinds == "B") | (kinds == "U"))
        waiting = opening.tolist()
        position, first = 0, 0
        for length in self._lengths:
            found: list[tuple[int, int, int]] = []
            while position < len(waiting) and waiting[position] < first + length:
                start = waiting[position]
                # Within a name nothing else begins.
                if not found or start >= found[-1][1]:
                    found.append((start, ends.get(start, start + 1), int(chosen[start])))
                position += 1
            yield found
            first += length

    def _choose_outside(self) -> _Ints:
        """Return the move at each token if no name is open."""
        parts = self._parts
        states = parts[1:, 0] + parts[0, 1] + parts[0, 2] + self._bias
        scores = self._score(states)
        not_allowed = np.full(len(self._moves.kinds), fill_value=True)
        not_allowed[self._moves.of_kinds("BUO")] = False
        scores[:, not_allowed] = -np.inf
        begins = self._moves.of_kinds("B")
        # Names neither go beyond the sentence nor begin with white space.
        scores[np.ix_(self._ends_sentence | self._is_space, begins)] = -np.inf
        scores[np.ix_(self._is_space, self._moves.of_kinds("U"))] = -np.inf
        return cast("_Ints", scores.argmax(axis=1))

    def _find_ends(self, begins: _Ints, moves: _Ints) -> list[int]:
        """Return where names that begin at some tokens end: the token after the last."""
        ends = np.zeros(len(begins), dtype=np.int64)
        open_ = np.arange(len(begins))
        tokens = begins + 1
        while len(open_):
            goes_on = self._goes_on(begins[open_], tokens, moves[open_])
            ends[open_[~goes_on]] = tokens[~goes_on] + 1
            open_, tokens = open_[goes_on], tokens[goes_on] + 1
        return ends.tolist()

    def _goes_on(self, begins: _Ints, tokens: _Ints, moves: _Ints) -> _Bools:
        """Return whether names that are open before `tokens` go on after them."""
        parts = self._parts
        states = parts[tokens + 1, 0] + parts[begins + 1, 1] + parts[tokens, 2] + self._bias
        scores = self._score(states)
        rows = np.arange(len(tokens))
        inside, last = self._moves.goes_on[moves], self._moves.ends[moves]
        # Of two equal scores the move with the lower number is made.
        is_better = np.where(
            inside < last,
            scores[rows, inside] >= scores[rows, last],
            scores[rows, inside] > scores[rows, last],
        )
        return cast("_Bools", is_better & ~self._ends_sentence[tokens])

    def _score(self, states: _Floats) -> _Floats:
        hidden = states.max(axis=-1)
        scores = multiply_rows(hidden, self._weights, trans2=True)
        return cast("_Floats", scores + self._class_bias)


def _sentence_ends(doc: Doc) -> _Bools:
    """Return which tokens are the last of their sentence or text."""
    starts = doc.to_array(SENT_START).astype(np.int64) == 1
    return np.append(starts[1:], True)


def is_batchable(recogniser: EntityRecognizer) -> bool:
    """Return whether `recogniser` decides as is done here."""
    model = cast("Any", recogniser.model)
    if recogniser.cfg.get("beam_width") != 1 or not model.attrs.get("has_upper"):
        return False
    return (
        model.get_ref("lower").maybe_get_dim("nF") == _N_FEATURES
        and bool(model.get_ref("lower").maybe_get_dim("nP"))
        and not model.attrs["unseen_classes"]
        and not recogniser.postprocesses
    )


@Language.factory(NAME, assigns=["doc.ents", "token.ent_iob", "token.ent_type"])
def make_batched_entities(nlp: Language, name: str) -> BatchedEntities:  # noqa: ARG001 - spaCy's signature
    """Return what stands for the entity recogniser of `nlp`."""
    return BatchedEntities(cast("EntityRecognizer", nlp.get_pipe(RECOGNISER)))


def batch_entities(nlp: Language) -> None:
    """Put this in the place of the entity recogniser of `nlp`, where it has one that fits."""
    if RECOGNISER in nlp.pipe_names and is_batchable(
        cast("EntityRecognizer", nlp.get_pipe(RECOGNISER))
    ):
        nlp.add_pipe(NAME, after=RECOGNISER)
        nlp.disable_pipe(RECOGNISER)
