"""The lexicon of frames: which words, in which company, carry which type of event.

The files under `include/resources/lexicon/` are the data; their README explains every column. They
are checked when they are loaded and indexed by the lemma of the head, so that a token without a
frame costs one look-up.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from include.eventwire.codebook import load_codebook
from include.eventwire.versions import RESOURCES

LEXICON_FOLDER: Final = RESOURCES / "lexicon"
NO_EVENT: Final = "NONE"
_CLASSES_FILE: Final = "word_classes.csv"
_COLUMNS: Final = ("head", "pos", "with", "mode", "contexts", "roles", "confidence", "note")
_DEFAULT_ROLES: Final = {
    "verb": "subj>obj",
    "noun": "poss|by|light|mod>of|against|on|at|upon|light.obj|light.to|light.on",
}
LIGHT_VERBS: Final = "light_verbs"
# Classes of words that cannot be listed: they are told by the gazetteer, by the named entities or
# by the lexicon itself. A PLOVER type may stand here as well.
KINDS: Final = frozenset("party state people place money conflict cooperation".split())


class LexiconError(ValueError):
    """The lexicon cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One condition on the company of the head.

    Attributes:
        slots: Which words are looked at: "obj", "prt", or a preposition ("on"); any of several.
        lemmas: The lemma of one of them must be among these.
        kinds: Or it must be of one of these kinds; with neither the slot must only be filled.
        absent: Whether the condition must not hold.
    """

    slots: tuple[str, ...]
    lemmas: frozenset[str]
    kinds: frozenset[str] = frozenset()
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Roles:
    """Where the parties stand: for each side, alternatives of slots that are taken together.

    "subj>on|against" is actors ((subj,),), recipients ((on,), (against,)).
    """

    actors: tuple[tuple[str, ...], ...]
    recipients: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Frame:
    """One row of the lexicon.

    Attributes:
        frame_id: File and line: "assault.csv:17".
        event_type: PLOVER type, or `NO_EVENT` for a use of the head that is none.
        confidence: How often this frame is right, 0 to 1, before anything else is known.
    """

    frame_id: str
    heads: frozenset[str]
    pos: str
    constraints: tuple[Constraint, ...]
    event_type: str
    mode: str | None
    contexts: tuple[str, ...]
    roles: Roles
    confidence: float
    note: str

    @cached_property
    def demanded_words(self) -> tuple[frozenset[str], ...]:
        """The sets of words of each of which one must stand in the sentence."""
        demanded = (c.lemmas for c in self.constraints if c.lemmas and not (c.absent or c.kinds))
        return tuple(demanded)

    def demands(self, slot: str) -> bool:
        """Return whether the frame matches only where `slot` is filled."""
        return any(slot in c.slots and not c.absent for c in self.constraints)

    @property
    def specificity(self) -> tuple[int, int]:
        """Return what decides between two frames that both match: the larger wins."""
        # Words are narrower than a kind, and a kind is narrower than anything at all.
        narrow = sum(2 if c.lemmas else 1 if c.kinds else 0 for c in self.constraints)
        shortest = min((len(c.lemmas) for c in self.constraints if c.lemmas), default=0)
        return 2 * len(self.constraints) + narrow, -shortest


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All frames, the most specific first under each part of speech and head."""

    frames: tuple[Frame, ...]
    index: Mapping[tuple[str, str], tuple[Frame, ...]]
    classes: Mapping[str, frozenset[str]]

    def find(self, pos: str, lemma: str) -> tuple[Frame, ...]:
        """Return the frames of a head, the most specific first."""
        return self.index.get((pos, lemma), ())

    def frame(self, frame_id: str) -> Frame | None:
        """Return the frame called `frame_id`, or None when the lexicon has changed since."""
        return next((frame for frame in self.frames if frame.frame_id == frame_id), None)


@cache
def load_lexicon(folder: Path = LEXICON_FOLDER) -> Lexicon:
    """Read, check and index the lexicon in `folder`: one file a type, and the word classes.

    Raises:
        LexiconError: A row has an unknown type, mode, context, class or slot, can never match, or
            repeats or contradicts another.
    """
    classes = _read_classes(folder / _CLASSES_FILE)
    frames = tuple(
        frame
        for path in sorted(folder.glob("*.csv"))
        if path.name != _CLASSES_FILE
        for frame in _read_frames(path, classes)
    )
    _check_conflicts(frames)
    index: dict[tuple[str, str], list[Frame]] = {}
    for frame in frames:
        for head in frame.heads:
            index.setdefault((frame.pos, head), []).append(frame)
    ordered = {
        key: tuple(sorted(found, key=lambda frame: frame.specificity, reverse=True))
        for key, found in index.items()
    }
    return Lexicon(frames, ordered, classes)


def _read_classes(path: Path) -> dict[str, frozenset[str]]:
    """Return the word classes; one may name others, which stand before it."""
    classes: dict[str, frozenset[str]] = {}
    for line, row in _read_rows(path, ("class", "words")):
        words: set[str] = set()
        for word in row["words"].split():
            if word.startswith("@"):
                words |= _class(word, classes, f"{path.name}:{line}")
            else:
                words.add(word.replace("_", " "))
        classes[row["class"]] = classes.get(row["class"], frozenset()) | words
    return classes


def _read_frames(path: Path, classes: Mapping[str, frozenset[str]]) -> Iterator[Frame]:
    event_type = path.stem.upper()
    codebook = load_codebook()
    if event_type not in codebook.types and event_type != NO_EVENT:
        raise LexiconError(f"{path.name}: the file is not named after a PLOVER type")
    modes = codebook.types[event_type].modes if event_type != NO_EVENT else {}
    for line, row in _read_rows(path, _COLUMNS):
        where = f"{path.name}:{line}"
        if row["mode"] and row["mode"] not in modes:
            raise LexiconError(f"{where}: {event_type} has no mode {row['mode']!r}")
        contexts = tuple(sorted(row["contexts"].split()))
        if unknown := set(contexts) - set(codebook.contexts):
            raise LexiconError(f"{where}: unknown context {', '.join(sorted(unknown))}")
        if row["pos"] not in _DEFAULT_ROLES:
            raise LexiconError(f"{where}: pos is {row['pos']!r}; it must be verb or noun")
        yield Frame(
            frame_id=where,
            heads=_heads(row["head"], classes, where),
            pos=row["pos"],
            constraints=tuple(_constraint(part, classes, where) for part in row["with"].split()),
            event_type=event_type,
            mode=row["mode"] or None,
            contexts=contexts,
            roles=_roles(row["roles"] or _DEFAULT_ROLES[row["pos"]], where),
            confidence=_confidence(row["confidence"], where),
            note=row["note"],
        )


def _read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line number and the cells of each row; lines that open with # are comments."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = tuple(next(reader, ()))
        if header != columns:
            raise LexiconError(f"{path.name}:1: the columns must be {','.join(columns)}")
        for cells in reader:
            if not cells or cells[0].startswith("#"):
                continue
            if len(cells) != len(columns):
                raise LexiconError(
                    f"{path.name}:{reader.line_num}: {len(cells)} cells instead of {len(columns)}"
                )
            yield (
                reader.line_num,
                {name: cell.strip() for name, cell in zip(columns, cells, strict=True)},
            )


def _constraint(part: str, classes: Mapping[str, frozenset[str]], where: str) -> Constraint:
    absent = part.startswith("!")
    names, equals, words = part.removeprefix("!").partition("=")
    slots = tuple(names.split("|"))
    if not all(slot.replace(".", "").isalpha() for slot in slots):
        raise LexiconError(f"{where}: {part!r} is no condition")
    if not equals:
        return Constraint(slots, frozenset(), absent=absent)
    kinds = {word[1:] for word in words.split("|") if word.startswith("*")}
    if unknown := kinds - KINDS - set(load_codebook().types):
        raise LexiconError(
            f"{where}: unknown kind *{min(unknown)}; known: {', '.join(sorted(KINDS))}"
        )
    listed = "|".join(word for word in words.split("|") if not word.startswith("*"))
    lemmas = _words(listed, classes, where) if listed or not kinds else frozenset()
    return Constraint(slots, lemmas, frozenset(kinds), absent)


def _heads(text: str, classes: Mapping[str, frozenset[str]], where: str) -> frozenset[str]:
    heads = _words(text, classes, where)
    if wrong := sorted(head for head in heads if " " in head or head != head.lower()):
        raise LexiconError(
            f"{where}: the head {wrong[0]!r} can never match: it must be one lemma in lower case"
        )
    return heads


def _words(text: str, classes: Mapping[str, frozenset[str]], where: str) -> frozenset[str]:
    words: set[str] = set()
    for word in text.split("|"):
        if word.startswith("@"):
            words |= _class(word, classes, where)
        else:
            words.add(word.replace("_", " "))
    if not words or "" in words:
        raise LexiconError(f"{where}: {text!r} names no word, so the row can never match")
    return frozenset(words)


def _class(word: str, classes: Mapping[str, frozenset[str]], where: str) -> frozenset[str]:
    try:
        return classes[word.removeprefix("@")]
    except KeyError as error:
        raise LexiconError(f"{where}: unknown word class {word}") from error


def _roles(text: str, where: str) -> Roles:
    actors, _, recipients = text.partition(">")
    sides = [
        tuple(tuple(union.split("+")) for union in side.split("|")) if side else ()
        for side in (actors, recipients)
    ]
    if not any(sides):
        raise LexiconError(f"{where}: {text!r} gives nobody a role")
    return Roles(actors=sides[0], recipients=sides[1])


def _confidence(text: str, where: str) -> float:
    try:
        value = float(text or 0.7)
    except ValueError as error:
        raise LexiconError(f"{where}: confidence {text!r} is no number") from error
    if not 0 < value <= 1:
        raise LexiconError(f"{where}: confidence {text} must lie above 0 and at most at 1")
    return value


def _check_conflicts(frames: tuple[Frame, ...]) -> None:
    """Refuse two frames that match the same words under the same conditions."""
    seen: dict[tuple[str, str, frozenset[Constraint]], Frame] = {}
    for frame in frames:
        conditions = frozenset(frame.constraints)
        for head in sorted(frame.heads):
            other = seen.setdefault((frame.pos, head, conditions), frame)
            if other is frame:
                continue
            verdict = "repeats" if other.event_type == frame.event_type else "contradicts"
            raise LexiconError(
                f"{frame.frame_id}: {head!r} {verdict} {other.frame_id} under the same conditions"
            )
