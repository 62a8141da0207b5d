"""The board of a snapshot as its viewer may see it, built once for all pages.

What stands beside a light must not tell a single firm's amounts to who may not see the firms of its place: how far the
nearest firm is from a line, how much one got over the cap, what a cluster of few firms trades. Colours, places, the
totals of trade and all other values are published statistics and open to every reader.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from dashboard import store
from dashboard.board import FEW, QUOTIENTS, Board, Light, ranks_of, series_of
from dashboard.questions.ratios import ratios
from dashboard.small import is_small
from dashboard.store import Gate
from etl.policy import load_policy
from etl.spans import OWN

LIGHTS = """
    select indicator, unit, period, value, target, pace, gap, status, note, since, rank, deadline, extra
    from scoreboard order by indicator, unit, period
"""
RANKS = "select unit, period, coloured, green, met, rank from unit_rank"
CLUSTERS = """
    select unit, strftime(period, '%Y-%m'), cast(firms as integer), ttm_cny, top_cny from mart_cluster_month
"""
TELLING = ("near", "over_cny", "ttm_cny")
VALUES_TELLING = frozenset(
    {"county_clusters"}
)  # measures whose value in a unit may be an amount of few firms
Shown = frozenset[tuple[str, str, int, float]]  # unit, period, firms, yuan of the clusters that are not small


def board(gate: Gate) -> Board:
    """All lights and ranks of the gate's snapshot."""
    return store.remember(gate, ("board",), lambda: _built(gate))


def withheld(gate: Gate, indicator: str) -> frozenset[tuple[str, str]]:
    """The units and periods of which that indicator's value is kept back from the viewer."""
    found = store.remember(gate, ("withheld",), lambda: _withheld(board(gate)))
    return frozenset((unit, period) for id, unit, period in found if id == indicator)


def _withheld(board: Board) -> frozenset[tuple[str, str, str]]:
    """By indicator, unit and period: few, and for most viewers none, so that nobody looks through all lights again."""
    every = (light for lights in board.series.values() for light in lights.values())
    return frozenset((light.indicator, light.unit, light.period) for light in every if light.kept_back)


def _built(gate: Gate) -> Board:
    whole = store.common(gate, series_of, LIGHTS)
    shown = store.common(gate, _large_clusters, CLUSTERS)
    series = {
        key: lights
        if store.sees_firms(gate, key[1]) or not any(map(_tells, lights.values()))
        else _all_veiled(lights, shown)
        for key, lights in whole.items()
    }
    periods = sorted({period for lights in whole.values() for period in lights})
    # The exact amounts of the indicators whose gap is made up of amounts, on the basis that is judged.
    amounts = (item.id for item in load_policy().indicators if item.city.kind in QUOTIENTS)
    ranks, exact = store.common(gate, ranks_of, RANKS), {id: ratios(gate, id)[OWN] for id in amounts}
    return Board(series, ranks, tuple(periods), ratios=exact)


def _large_clusters(clusters: pl.DataFrame) -> Shown:
    return frozenset(
        (unit, period, firms, float(value))
        for unit, period, firms, value, top in clusters.iter_rows()
        if not is_small(firms, top, value)
    )


def _tells(light: Light) -> bool:
    """Whether something stands beside the light that may be a single firm's."""
    return any(name in light.extra for name in TELLING)


def _all_veiled(lights: Mapping[str, Light], shown: Shown) -> Mapping[str, Light]:
    """One indicator's lights at one place; a pace that starts from a value that is kept back would tell it."""
    found = {at: _veiled(light, shown) for at, light in lights.items()}
    one, policy = next(iter(lights.values())), load_policy()
    start = found.get(policy.level(policy.indicator(one.indicator), one.unit).baseline or "")
    return {at: light.paceless for at, light in found.items()} if start and start.kept_back else found


def _veiled(light: Light, shown: Shown) -> Light:
    if not _tells(light):
        return light
    facts = dict(light.facts)
    facts.pop("over_cny", None)
    if facts.get("near"):
        facts["near"] = {"count": facts["near"]["count"]}
    firms, value = facts.get("firms"), facts.get("ttm_cny")
    small = bool(firms) and (light.unit, light.period, firms, value) not in shown
    if small:
        del facts["ttm_cny"]
    light = replace(light, extra=json.dumps(facts, ensure_ascii=False))
    # Whole completion says no more than that both lines are reached; less of it may be the amount itself.
    if not small or light.value is None or light.value >= 1:
        return light
    return replace(light, value=None, pace=None, gap=None, note=FEW)
