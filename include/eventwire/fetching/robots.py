"""What a robots.txt allows (RFC 9309): longest match, `*` and `$`, and Crawl-delay.

The parser of the standard library knows neither the longest match nor wildcards and would fetch
what many publishers forbid ("Disallow: /*?print=").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

# The RFC asks to read 500 KiB at least; what follows is left out.
MAX_ROBOTS_BYTES: Final = 512 * 1024
_RULES: Final = ("allow", "disallow")


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules that hold for one program at one host.

    Attributes:
        rules: Pairs of whether a path is allowed and its pattern.
        crawl_delay: Seconds between requests, or None when not stated.
    """

    rules: tuple[tuple[bool, str], ...] = ()
    crawl_delay: float | None = None

    def allow(self, target: str) -> bool:
        """Return whether `target`, a path with its query, may be fetched.

        The longest pattern that matches decides, of two as long the one that allows; robots.txt
        itself may always be fetched.
        """
        path = _normalise(target)
        matching = [
            (len(pattern), is_allowed)
            for is_allowed, pattern in self.rules
            if _matches(pattern, path)
        ]
        return max(matching)[1] if matching else True


def parse_robots(text: str, name: str) -> RobotsRules:
    """Return the rules of a robots.txt for the program called `name`.

    The groups that name the program count together; without one, those for `*`.

    Args:
        text: Content of the file.
        name: Name of the program, as it begins its User-Agent.
    """
    own: list[tuple[str, str]] = []
    general: list[tuple[str, str]] = []
    has_own = False
    for names, lines in _groups(text):
        if name.lower() in names:
            has_own = True
            own += lines
        if "*" in names:
            general += lines
    lines = own if has_own else general
    return RobotsRules(
        rules=tuple(
            (key == "allow", _normalise(value)) for key, value in lines if key in _RULES and value
        ),
        crawl_delay=max(map(_seconds, (v for k, v in lines if k == "crawl-delay")), default=None),
    )


def _groups(text: str) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    """Yield the names and the lines of each group."""
    names: set[str] = set()
    lines: list[tuple[str, str]] = []
    for line in text.removeprefix("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if lines:
                yield names, lines
                names, lines = set(), []
            # "Eventwire/1.0" stands for the program, whatever its version.
            names.add(value.split("/")[0].strip().lower())
        elif key in (*_RULES, "crawl-delay"):
            lines.append((key, value))
    yield names, lines


def _seconds(value: str) -> float:
    try:
        return min(max(float(value), 0.0), 3600.0)
    except ValueError:
        return 0.0


def _normalise(path: str) -> str:
    # The same characters may be written as such or by their numbers.
    return quote(
        unquote(path, errors="surrogateescape"), safe="/?&=*$:;,@!'()+~-._", errors="replace"
    )


def _matches(pattern: str, path: str) -> bool:
    # Part after part at its first place is enough, and takes no time whatever the pattern.
    first, *others = pattern.removesuffix("$").split("*")
    is_whole = pattern.endswith("$")
    if not path.startswith(first):
        return False
    position = len(first)
    last = others.pop() if is_whole and others else None
    for part in others:
        if (found := path.find(part, position)) < 0:
            return False
        position = found + len(part)
    if not is_whole:
        return True
    return position == len(path) if last is None else path[position:].endswith(last)
