"""The map with lights as a drawing that stands alone: colours and fonts in it, for paper. Pure."""

from dashboard import words
from dashboard.board import Light
from dashboard.brief.document import Picture
from dashboard.brief.facts import Facts
from dashboard.brief.sections.common import lights
from dashboard.html import text
from dashboard.map import WIDTH, Outline, atlas
from etl.policy import Policy

FONTS = "'Noto Sans CJK SC','Microsoft YaHei','SimHei',sans-serif"
TINTS = {"green": "#d7ecdc", "red": "#f6d5d1", "grey": "#ececec", "": "#f4f4f2"}
INKS = {"green": "#1b6e3c", "red": "#b3261e", "grey": "#6b6b6b", "": "#333333"}
CARD = 34.0


def picture(facts: Facts) -> Picture | None:
    """The map of the indicator that says most: of the city's red ones that with most lights of units, else of all.

    None where no unit has a light on any.
    """
    city = lights(facts, facts.policy.city.code)
    red = [light for light in city if light.tone == "red"]
    found = [_units(facts, light.indicator) for light in red] or [
        _units(facts, light.indicator) for light in city
    ]
    units = max(found, key=_judged, default=[])
    return draw(facts.policy, units[0].indicator, units) if _judged(units) else None


def _judged(units: list[Light]) -> int:
    return sum(light.tone in ("red", "green") for light in units)


def _units(facts: Facts, indicator: str) -> list[Light]:
    found = (facts.light(indicator, unit.code) for unit in facts.policy.counties)
    return [light for light in found if light]


def draw(policy: Policy, indicator: str, units: list[Light]) -> Picture:
    """Counties tinted by light, shape and value on them; units without a polygon stand as cards below."""
    sheet = atlas(policy.folder)
    inside = [light for light in units if light.unit in sheet.outlines]
    cards = [light for light in units if light.unit not in sheet.outlines]
    height = sheet.height + (CARD if cards else 0)
    areas = "".join(_area(light, sheet.outlines[light.unit]) for light in inside)
    names = "".join(_name(policy, light, sheet.outlines[light.unit]) for light in inside)
    beside = "".join(_card(policy, light, sheet.height, at) for at, light in enumerate(cards))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}"'
        f' height="{height:g}" font-family="{FONTS}" text-anchor="middle">'
        f'<rect width="{WIDTH:g}" height="{height:g}" fill="#ffffff"/>{areas}{names}{beside}</svg>'
    )
    name = policy.indicator(indicator).name
    red = [policy.unit(light.unit).short for light in units if light.tone == "red"]
    unknown = words.STATUS["no_data"] if all(light.tone in ("", "grey") for light in units) else "没有滞后"
    said = f"滞后的有{'、'.join(red)}" if red else unknown
    return Picture(f"各县市区{name}状态", svg, WIDTH, height, f"{name}分布图：{said}")


def _area(light: Light, outline: Outline) -> str:
    return f'<path d="{outline.path}" fill="{TINTS[light.tone]}" stroke="#8a8a8a" stroke-width="0.6"/>'


def _name(policy: Policy, light: Light, outline: Outline) -> str:
    x, y = outline.label
    name = text(policy.unit(light.unit).short)
    return (
        f'<text x="{x}" y="{y}" font-size="9.5" fill="#222222">{name}</text>{_mark(policy, light, x, y + 11)}'
    )


def _mark(policy: Policy, light: Light, x: float, y: float) -> str:
    said = f"{words.SHAPE[light.status]}{words.value(policy, light)}".replace(" ", "")
    return f'<text x="{x}" y="{y:.1f}" font-size="8.5" font-weight="bold" fill="{INKS[light.tone]}">{text(said)}</text>'


def _card(policy: Policy, light: Light, top: float, at: int) -> str:
    x = 50.0 + at * 100
    return (
        f'<rect x="{x - 46}" y="{top + 2:.1f}" width="92" height="{CARD - 6:g}" rx="2" fill="{TINTS[light.tone]}"'
        f' stroke="#8a8a8a" stroke-width="0.6"/>'
        f'<text x="{x}" y="{top + 14:.1f}" font-size="9.5" fill="#222222">{text(policy.unit(light.unit).short)}</text>'
        f"{_mark(policy, light, x, top + 25)}"
    )
