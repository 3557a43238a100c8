"""What the readers of agency XML share: the tree of a file, and a limit of time for each item."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.safe_xml import XmlError, parse_xml
from include.eventwire.readers.whole_files import read_whole_file
from include.eventwire.records import Reject
from include.eventwire.time_limits import TookTooLongError, time_limit


def parse_file(context: ReadContext) -> etree._Element | Reject:
    """Return the root of the tree of a file, without namespaces, or the reject of the file."""
    data = read_whole_file(context)
    if isinstance(data, Reject):
        return data
    try:
        with time_limit(context.settings.max_article_seconds):
            return strip_namespaces(parse_xml(data))
    except XmlError as error:
        return context.reject(1, error.reason, str(error))
    except TookTooLongError as error:
        return context.reject(1, "took_too_long", str(error))


def read_in_time(
    context: ReadContext, number: int, read: Callable[[], RawArticle | Reject]
) -> RawArticle | Reject:
    """Return what `read` makes of item `number`, or its reject when that takes too long."""
    try:
        with time_limit(context.settings.max_article_seconds):
            return read()
    except TookTooLongError as error:
        return context.reject(number, "took_too_long", str(error))


def strip_namespaces(root: etree._Element) -> etree._Element:
    """Return `root`, the names of all elements in it without their namespaces.

    Senders disagree on them: the same format comes with the namespace of any of its versions, with
    none, or with one that was mistyped.
    """
    for element in root.iter(etree.Element):
        if "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    return root
