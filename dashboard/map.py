"""The map as inline SVG: counties tinted by status with the shape on them; nothing is fetched.

Longitude and latitude are projected here, on a plane true at the city's middle latitude. A unit
without a polygon (永州经开区) stands as a card beside the map.
"""

import functools
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard import words
from dashboard.address import View, href
from dashboard.board import Board, Light
from dashboard.html import link, text
from etl.policy import Policy

WIDTH = 340.0
MARGIN = 4.0


@dataclass(frozen=True)
class Outline:
    """One unit's shape in SVG units. label: where its name stands."""

    path: str
    label: tuple[float, float]


@dataclass(frozen=True)
class Atlas:
    """All outlines of a policy folder, by unit code, and the drawing's height."""

    outlines: Mapping[str, Outline]
    height: float


@functools.lru_cache(maxsize=4)
def atlas(folder: Path) -> Atlas:
    """Project the folder's boundaries.geojson."""
    features = json.loads((folder / "boundaries.geojson").read_text(encoding="utf-8"))["features"]
    points = [point for feature in features for ring in _rings(feature["geometry"]) for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)

    def place(x: float, y: float) -> tuple[float, float]:
        return round(MARGIN + (x - west) * squeeze * scale, 1), round(MARGIN + (north - y) * scale, 1)

    outlines = {feature["id"]: _outline(feature, place) for feature in features}
    return Atlas(outlines, round((north - south) * scale + 2 * MARGIN, 1))


def _outline(feature: Mapping[str, Any], place: Any) -> Outline:
    rings = (_ring(ring, place) for ring in _rings(feature["geometry"]))
    properties = feature["properties"]
    return Outline("".join(rings), place(properties["label_lon"], properties["label_lat"]))


def _ring(ring: Any, place: Any) -> str:
    return "M" + "L".join("{} {}".format(*place(x, y)) for x, y in ring) + "Z"


def _rings(geometry: Mapping[str, Any]) -> Iterator[Any]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield from polygon


def draw(board: Board, policy: Policy, view: View) -> str:
    """The map of one indicator; a click opens it for that unit. The unit in question is outlined on top."""
    sheet = atlas(policy.folder)
    lights = {unit.code: board.light(view.indicator, unit.code, view.period) for unit in policy.counties}
    drawn = sorted((code for code in sheet.outlines if code in lights), key=lambda code: code == view.unit)
    areas = "".join(_area(policy, view, lights[code], sheet.outlines[code]) for code in drawn)
    names = "".join(_name(policy, code, lights[code], sheet.outlines[code]) for code in drawn)
    name = text(policy.indicator(view.indicator).name)
    return (
        f'<div class="tk-map"><svg viewBox="0 0 {WIDTH:g} {sheet.height:g}" role="group" aria-label="{name}分布图">'
        f"{areas}<g aria-hidden='true'>{names}</g></svg>"
        f"{_cards(policy, view, (lights[code] for code in lights if code not in sheet.outlines))}</div>"
    )


def _area(policy: Policy, view: View, light: Light | None, outline: Outline) -> str:
    if light is None:
        return f'<path class="tk-area" d="{outline.path}"/>'
    why = words.why(policy, light)
    here = " tk-here" if light.unit == view.unit else ""
    inner = (
        f'<title>{text(why)}</title><path class="tk-area tk-area-{light.status}{here}" d="{outline.path}"/>'
    )
    return link(href("indicator", view, unit=light.unit), inner, label=why)


def _name(policy: Policy, code: str, light: Light | None, outline: Outline) -> str:
    x, y = outline.label
    name = f'<text x="{x}" y="{y}">{text(policy.unit(code).short)}</text>'
    if light is None:
        return name
    mark = words.SHAPE[light.status] or str(words.value(policy, light))
    return f'{name}<text class="tk-mark" x="{x}" y="{y + 15:.1f}">{text(mark)}</text>'


def _cards(policy: Policy, view: View, lights: Iterable[Light | None]) -> str:
    return "".join(_beside(policy, view, light) for light in lights if light)


def _beside(policy: Policy, view: View, light: Light) -> str:
    inner = f"{text(policy.unit(light.unit).short)} {words.SHAPE[light.status]} {text(words.value(policy, light))}"
    classes = f"tk-beside tk-area-{light.status}" + (" tk-here" if light.unit == view.unit else "")
    return link(href("indicator", view, unit=light.unit), inner, classes, words.why(policy, light))
