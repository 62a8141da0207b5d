"""What the front-end tests share: lights and boards written by hand."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from dashboard.board import Board, Light, Rank
from etl.policy import load_policy
from etl.spans import Ratio, Ratios

POLICY = load_policy()
PERIOD = "2026-10"
BEHIND = Light(
    "import_share", "4311", PERIOD, 0.0880, 0.10, 0.0954, 0.0120, "behind", "", "2026-07", None, "",
    '{"import_cny": 1829260800.0, "ttm_share": 0.0873}',
)  # fmt: skip


def light(**changed: object) -> Light:
    """The city's import share in 2026-10, behind its pace, with some of it changed."""
    return replace(BEHIND, **changed)  # type: ignore[arg-type]


def amounts(indicator: str, years: int | None = None, **pairs: tuple[int, int]) -> Mapping[str, Ratios]:
    """Numerator and denominator of some units (``u431124``) behind an indicator's values in 2026-10."""
    units = {
        code.removeprefix("u"): Ratio(Decimal(numerator), Decimal(denominator), years)
        for code, (numerator, denominator) in pairs.items()
    }
    return {indicator: {PERIOD: units}}


def board(
    *lights: Light,
    ranks: dict[tuple[str, str], Rank] | None = None,
    ratios: Mapping[str, Ratios] | None = None,
) -> Board:
    """A board of those lights."""
    series: dict[tuple[str, str], dict[str, Light]] = {}
    for item in sorted(lights, key=lambda item: item.period):
        series.setdefault((item.indicator, item.unit), {})[item.period] = item
    periods = tuple(sorted({item.period for item in lights}))
    return Board(series, ranks or {}, periods, ratios=ratios or {})
