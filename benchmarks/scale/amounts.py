"""Amounts for people."""

from __future__ import annotations


def tell_amount(amount: float, unit: str) -> str:
    """Return an amount of seconds ("s"), bytes ("B") or things ("")."""
    if unit == "s":
        return tell_seconds(amount)
    return tell_bytes(amount) if unit == "B" else f"{amount:,.0f}"


def tell_seconds(seconds: float) -> str:
    """Return a length of time in its largest unit: "1.5 h"."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:.2g} s"


def tell_bytes(n_bytes: float) -> str:
    """Return a number of bytes in its largest decimal unit: "1.5 GB"."""
    for unit, length in (("TB", 1e12), ("GB", 1e9)):
        if n_bytes >= length:
            return f"{n_bytes / length:,.1f} {unit}"
    for unit, length in (("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= length:
            return f"{n_bytes / length:,.0f} {unit}"
    return f"{n_bytes:,.0f} B"
