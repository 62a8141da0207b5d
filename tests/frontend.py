"""What the front-end tests share: lights and boards written by hand."""

from dataclasses import replace

from dashboard.board import Board, Light, Rank
from etl.policy import load_policy

POLICY = load_policy()
PERIOD = "2026-10"
BEHIND = Light(
    "import_share", "4311", PERIOD, 0.0880, 0.10, 0.0954, 0.0120, "behind", "", "2026-07", None, "",
    '{"import_cny": 1829260800.0, "ttm_share": 0.0873}',
)  # fmt: skip


def light(**changed: object) -> Light:
    """The city's import share in 2026-10, behind its pace, with some of it changed."""
    return replace(BEHIND, **changed)  # type: ignore[arg-type]


def board(*lights: Light, ranks: dict[tuple[str, str], Rank] | None = None) -> Board:
    """A board of those lights."""
    series: dict[tuple[str, str], dict[str, Light]] = {}
    for item in sorted(lights, key=lambda item: item.period):
        series.setdefault((item.indicator, item.unit), {})[item.period] = item
    return Board(series, ranks or {}, tuple(sorted({item.period for item in lights})))
