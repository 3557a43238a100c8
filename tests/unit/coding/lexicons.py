"""Small lexicons of the tests' own, so that no row of the project's decides a test of the code."""

from pathlib import Path

from include.eventwire.lexicon import Lexicon, load_lexicon

_HEADER = "head,pos,with,mode,contexts,roles,confidence,note"


def make_lexicon(folder: Path, *rows: str) -> Lexicon:
    """Return the lexicon of `rows`: "assault: bomb,verb" with cells that may be left out."""
    (folder / "word_classes.csv").write_text("class,words\nlight_verbs,hold carry give launch\n")
    files: dict[str, list[str]] = {}
    for row in rows:
        event_type, _, cells = row.partition(": ")
        missing = _HEADER.count(",") - cells.count(",")
        files.setdefault(event_type, [_HEADER]).append(cells + "," * missing)
    for event_type, lines in files.items():
        (folder / f"{event_type}.csv").write_text("\n".join(lines))
    return load_lexicon(folder)
