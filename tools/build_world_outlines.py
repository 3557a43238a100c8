"""Builds the outlines of the explorer's map from Natural Earth's countries.

    python tools/build_world_outlines.py package/countries-50m.json

The file is of the npm package world-atlas 2.0.2: Natural Earth 4.1.0, 1:50 million, as TopoJSON.
Borders are thinned before they become polygons, so that neighbours still meet without gaps; codes
of ISO 3166 in three letters, which the tables have, take the place of those in digits.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import pycountry

from include.eventwire.versions import RESOURCES

TARGET: Final = RESOURCES / "world_outlines" / "countries.geojson"
# Degrees: less than a pixel where the world is 1,200 pixels wide.
TOLERANCE: Final = 0.12
DIGITS: Final = 2
# Square degrees. What is smaller gets a dot too, since nobody could see or meet it.
SMALL: Final = 0.35
LEFT_OUT: Final = frozenset({"Antarctica", "Heard I. and McDonald Is.", "Fr. S. Antarctic Lands"})
# What has no code of its own belongs to the code that the gazetteer gives its places.
CODES: Final = {
    "Kosovo": "XKX",
    "Somaliland": "SOM",
    "N. Cyprus": "CYP",
    "Indian Ocean Ter.": "AUS",
    "Ashmore and Cartier Is.": "AUS",
}
# Claimed by two states, and of neither's code: drawn, and never coloured.
NO_CODE: Final = frozenset({"Siachen Glacier"})

Point = tuple[float, float]
Ring = list[Point]


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topology", type=Path)
    topology = json.loads(parser.parse_args().topology.read_text(encoding="utf-8"))
    arcs = [thin(arc) for arc in decode_arcs(topology)]
    shapes: dict[str, list[list[Ring]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        if (name := geometry["properties"]["name"]) not in LEFT_OUT:
            shapes.setdefault(find_code(geometry.get("id"), name), []).extend(
                make_polygons(geometry, arcs)
            )
    features = [make_feature(code, polygons) for code, polygons in sorted(shapes.items())]
    content = {"type": "FeatureCollection", "features": features}
    TARGET.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def find_code(numeric: str | None, name: str) -> str:
    """Return the code of three letters; the name itself for what has none."""
    if name in CODES or name in NO_CODE:
        return CODES.get(name, name)
    return str(pycountry.countries.get(numeric=numeric).alpha_3)


def decode_arcs(topology: dict[str, Any]) -> list[Ring]:
    """Return the arcs of a topology in degrees."""
    (scale_x, scale_y), (left, bottom) = (
        topology["transform"][name] for name in ("scale", "translate")
    )
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + left, y * scale_y + bottom))
        decoded.append(unwrap(points))
    return decoded


def unwrap(points: Ring) -> Ring:
    """Return a line that goes on past 180 degrees, where it had jumped to the other side."""
    found = points[:1]
    for x, y in points[1:]:
        turns = round((found[-1][0] - x) / 360)
        found.append((x + 360 * turns, y))
    return found


def thin(points: Ring) -> Ring:
    """Return a line without the points that lie closer than `TOLERANCE` (Douglas and Peucker).

    A line that ends where it began, an island, keeps at least its farthest points.
    """
    keep = {0, len(points) - 1}
    pieces = [(0, len(points) - 1)]
    if points[0] == points[-1] and len(points) > 3:
        far = max(range(len(points)), key=lambda index: math.dist(points[0], points[index]))
        keep.add(far)
        pieces = [(0, far), (far, len(points) - 1)]
        keep |= {_farthest(points, *piece)[0] for piece in pieces}
    while pieces:
        first, last = pieces.pop()
        if last - first < 2:
            continue
        index, distance = _farthest(points, first, last)
        if distance > TOLERANCE:
            keep.add(index)
            pieces += [(first, index), (index, last)]
    return [points[index] for index in sorted(keep)]


def _farthest(points: Sequence[Point], first: int, last: int) -> tuple[int, float]:
    if last - first < 2:
        return first, 0.0
    return max(
        ((index, _distance(points[index], points[first], points[last]))
         for index in range(first + 1, last)),
        key=lambda found: found[1],
    )  # fmt: skip


def _distance(point: Point, start: Point, end: Point) -> float:
    """Return how far a point lies from the line between two others, in degrees."""
    length = math.dist(start, end)
    if length == 0:
        return math.dist(point, start)
    (x, y), (x1, y1), (x2, y2) = point, start, end
    along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length**2
    along = min(1.0, max(0.0, along))
    return math.dist(point, (x1 + along * (x2 - x1), y1 + along * (y2 - y1)))


def make_polygons(geometry: dict[str, Any], arcs: Sequence[Ring]) -> list[list[Ring]]:
    """Return the polygons of a shape, each with its outer ring first."""
    if geometry["type"] is None:
        return []
    parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    polygons = [[make_ring(ring, arcs) for ring in part] for part in parts]
    return [cut for polygon in polygons for cut in cut_at_date_line(polygon)]


def cut_at_date_line(polygon: list[Ring]) -> list[list[Ring]]:
    """Return a polygon as one or two within 180 degrees west and east."""
    cut = []
    for turns in (-1, 0, 1):
        moved = [[(x + 360 * turns, y) for x, y in ring] for ring in polygon]
        kept = [ring for ring in map(clip, moved) if len(ring) > 2]
        if kept:
            cut.append(kept)
    return cut


def clip(ring: Ring) -> Ring:
    """Return what of a ring lies within 180 degrees west and east (Sutherland and Hodgman)."""
    for side in (-180.0, 180.0):
        kept: Ring = []
        for start, end in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            starts_inside, ends_inside = (abs(x) <= 180 or x * side < 0 for x, _ in (start, end))
            if starts_inside:
                kept.append(start)
            if starts_inside != ends_inside:
                share = (side - start[0]) / (end[0] - start[0])
                kept.append((side, start[1] + share * (end[1] - start[1])))
        ring = kept
    return [*ring, ring[0]] if ring and ring[0] != ring[-1] else ring


def make_ring(numbers: Iterable[int], arcs: Sequence[Ring]) -> Ring:
    """Return a ring made of arcs; one that is numbered ~n runs backwards."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return unwrap(ring)


def make_feature(code: str, polygons: list[list[Ring]]) -> dict[str, Any]:
    """Return a shape as GeoJSON; `dot` is where a small one's dot stands: on its largest part."""
    properties: dict[str, Any] = {"name": code}
    if sum(area(polygon[0]) for polygon in polygons) < SMALL and code not in NO_CODE:
        largest = max(polygons, key=lambda polygon: area(polygon[0]))[0]
        longitudes, latitudes = zip(*largest, strict=True)
        middle = ((min(side) + max(side)) / 2 for side in (longitudes, latitudes))
        properties["dot"] = [round(degrees, DIGITS) for degrees in middle]
    rounded = [
        [[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring] for ring in polygon]
        for polygon in polygons
    ]
    shape = {"type": "MultiPolygon", "coordinates": rounded}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def area(ring: Ring) -> float:
    """Return the area in a ring, in square degrees."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


if __name__ == "__main__":
    main()
