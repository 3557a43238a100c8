"""The schemas of ninjs: which version an item is in, and the first rule that it breaks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from include.eventwire.settings import PROJECT_ROOT

Item = Mapping[str, object]
_Version = tuple[int, int]

_FOLDER: Final = PROJECT_ROOT / "include" / "resources" / "ninjs"
# Each major version names its fields in its own way (body_text, bodies, versionCreated).
_MAJOR_VERSIONS: Final = (1, 2, 3)
_DECLARATIONS: Final = ("$standard", "standard")
_VERSION: Final = re.compile(r"(\d{1,2})\.(\d{1,2})")
_LONGEST: Final = 200


def find_violation(item: Item, *, version: str | None = None, is_extended: bool = False) -> str:
    """Return the rule of ninjs that `item` breaks, with its JSON path, or an empty text.

    Args:
        item: One news item.
        version: Version that it must keep to, such as "1.2"; None = the one that it declares, else
            the latest of the major version whose fields it has.
        is_extended: Whether the item is a provider's extension of ninjs: it may have other
            fields, types and ids than the standard knows, and null for a field that is empty.
            The fields that the standard knows must be as it says. An item is one, too, when it
            declares a schema that is not the IPTC's or a version newer than those known.

    Raises:
        RecursionError: The item is nested too deeply.
    """
    declared, is_foreign = _read_declaration(item)
    if version is not None and (match := _VERSION.match(version)):
        majors, declared = [int(match[1])], (int(match[1]), int(match[2]))
    else:
        majors = _guess_majors(item, declared)
    violations = []
    for major in majors:
        minor, is_newer = _choose_minor(major, declared)
        validator = _load_validator(major, minor, is_extended or is_foreign or is_newer)
        if not (violation := _find_worst(validator, item)):
            return ""
        violations.append(f"{violation} (ninjs {_load(major)['versions'][minor]})")
    return violations[0]


def _read_declaration(item: Item) -> tuple[_Version | None, bool]:
    """Return the version that `item` declares, and whether its schema is another publisher's."""
    stated = next((item[key] for key in _DECLARATIONS if key in item), None)
    if not isinstance(stated, dict):
        return None, False
    schema = stated.get("schema")
    is_foreign = isinstance(schema, str) and "iptc.org/" not in schema
    for text in (stated.get("version"), schema):
        if isinstance(text, str) and (match := _VERSION.search(text)):
            return (int(match[1]), int(match[2])), is_foreign
    return None, is_foreign


def _guess_majors(item: Item, declared: _Version | None) -> list[int]:
    """Return the major versions that know most of the fields of `item`, the likeliest first.

    The fields come before what the item declares: some declare the version they came from.
    """
    known = {major: _count_known(item, major) for major in _MAJOR_VERSIONS}
    best = [major for major in _MAJOR_VERSIONS if known[major] == max(known.values())]
    if declared and declared[0] in best:
        return [declared[0]]
    return best


def _count_known(item: Item, major: int) -> tuple[int, int]:
    """Return how many fields have names, and how many values of the kind, of a major version."""
    schema = _load(major)["$defs"]["item"]
    patterns = schema.get("patternProperties", {})
    named = [
        (schema["properties"].get(name), value)
        for name, value in item.items()
        if name in schema["properties"] or any(re.search(p, name) for p in patterns)
    ]
    return len(named), sum(_fits(part, value) for part, value in named)


def _fits(schema: Mapping[str, object] | None, value: object) -> bool:
    kinds = {"object": dict, "array": list}
    kind = kinds.get(str(schema.get("type"))) if schema is not None else None
    return kind is None or isinstance(value, kind)


def _choose_minor(major: int, declared: _Version | None) -> tuple[int, bool]:
    """Return a minor version, and whether the one that is declared is newer than those known.

    Where none is declared it is the latest, with what is only proposed.
    """
    names = _load(major)["versions"]
    released = sum("-" not in name for name in names) - 1
    if declared is None or declared[0] != major:
        return len(names) - 1, False
    return min(declared[1], released), declared[1] > released


def _find_worst(validator: Draft202012Validator, item: Item) -> str:
    # Hostile items have millions of errors.
    errors = list(islice(validator.iter_errors(item), 100))
    worst = best_match(iter(errors))
    return f"{_shorten(worst.json_path)}: {_describe(worst)}" if worst is not None else ""


def _describe(error: ValidationError) -> str:
    """Return what is wrong in a line that does not grow with the item."""
    message = error.message
    if error.validator == "additionalProperties":
        known = [*error.schema.get("properties", {})]
        patterns = error.schema.get("patternProperties", {})
        others = (n for n in error.instance if n not in known)
        unknown = islice((n for n in others if not any(re.search(p, n) for p in patterns)), 5)
        message = f"additional properties are not allowed: {', '.join(map(repr, unknown))}"
    elif error.validator in ("oneOf", "anyOf"):
        number = "exactly one" if error.validator == "oneOf" else "one"
        message = f"{number} of these must hold: {json.dumps(error.validator_value)}"
    return _shorten(" ".join(message.split()))


def _shorten(text: str) -> str:
    """Return a text of bounded length: the middle of a long one left out."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}...{text[-_LONGEST // 3 :]}"


@cache
def _load(major: int) -> dict[str, Any]:
    path = _FOLDER / f"ninjs_{major}.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _number(version: str) -> _Version:
    major, _, minor = version.removesuffix("-dev").partition(".")
    return int(major), int(minor)


@cache
def _load_validator(major: int, minor: int, is_extended: bool) -> Draft202012Validator:
    source = _load(major)
    schema = _narrow(source, (major, minor), is_extended)
    if "associated" in source:
        # An associated item is an item with a few fields more.
        more = _narrow(source["associated"], (major, minor), is_extended)
        item = schema["$defs"]["item"]
        schema["$defs"]["associated"] = {
            **item,
            "properties": {**item["properties"], **more["properties"]},
            "required": [] if is_extended else more["required"],
        }
    if is_extended:
        item = schema["$defs"]["item"]
        del item["properties"]["type"], item["required"]
        item["anyOf"] = [{"required": [name]} for name in ("uri", "guid", "id")]
    return Draft202012Validator(schema)


def _narrow(schema: Any, version: _Version, is_extended: bool) -> Any:
    """Return `schema` without what was added after `version`, opened where it is extended."""
    if isinstance(schema, list):
        return [_narrow(part, version, is_extended) for part in schema]
    if not isinstance(schema, dict):
        return schema
    narrowed = {
        name: _narrow(part, version, is_extended)
        for name, part in schema.items()
        if not (isinstance(part, dict) and _number(part.get("since", "1.0")) > version)
    }
    for key in ("enum", "required"):
        later = narrowed.pop(f"{key}_since", None)
        if later:
            narrowed[key] = [v for v in schema[key] if _number(later.get(v, "1.0")) <= version]
    if is_extended:
        narrowed.pop("additionalProperties", None)
        if isinstance(kind := narrowed.get("type"), str):
            narrowed["type"] = [kind, "null"]
    return narrowed
