"""The component that codes the events of an article; the last of the pipeline."""

from __future__ import annotations

from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from include.eventwire.coding.coder import code_events

NAME: Final = "event_coder"
# What the pipeline is told of an article before, and tells after.
PUBLISHED: Final = "published"
EVENTS: Final = "events"


def register_extensions() -> None:
    """Give every `Doc` the attributes `doc._.published` (a date) and `doc._.events`."""
    for name in (PUBLISHED, EVENTS):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)


@Language.component(NAME, assigns=[f"doc._.{EVENTS}"])
def event_coder(doc: Doc) -> Doc:
    """Set `doc._.events` to the list of `coder.CodedEvent` of the article."""
    doc._.events = code_events(doc, doc._.published)
    return doc


register_extensions()
