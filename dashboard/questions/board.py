"""The board of a snapshot as its viewer may see it, built once for all pages.

What stands beside a light must not tell a single firm's amounts to who may not see the firms of its place: how far the
nearest firm is from a line, how much one got over the cap, what a cluster of few firms trades. Colours, places, the
totals of trade and all other values are published statistics and open to every reader.
"""

import json
from dataclasses import replace

from dashboard import store
from dashboard.board import Board, Light, build
from dashboard.small import is_small
from dashboard.store import Gate

FEW = "集群企业少或一家占85%以上，完成度不显示"
CLUSTERS = """
    select unit, strftime(period, '%Y-%m'), cast(firms as integer), ttm_cny, top_cny from mart_cluster_month
"""
Shown = frozenset[tuple[str, str, int, float]]  # unit, period, firms, yuan of the clusters that are not small


def board(gate: Gate) -> Board:
    """All lights and ranks of the gate's snapshot."""
    return store.remember(gate, ("board",), lambda: _built(gate))


def withheld(gate: Gate, indicator: str, unit: str, period: str) -> bool:
    """Whether that value is kept back from the viewer."""
    light = board(gate).light(indicator, unit, period)
    return light is not None and light.note == FEW


def _built(gate: Gate) -> Board:
    whole = build(store.scoreboard(gate), store.unit_ranks(gate))
    if all(store.sees_firms(gate, unit) for _, unit in whole.series):
        return whole
    shown = _large_clusters(gate)
    series = {
        key: lights
        if store.sees_firms(gate, key[1])
        else {at: _veiled(light, shown) for at, light in lights.items()}
        for key, lights in whole.series.items()
    }
    return replace(whole, series=series)


def _large_clusters(gate: Gate) -> Shown:
    rows = store.read(gate, CLUSTERS).iter_rows()
    return frozenset(
        (unit, period, firms, float(value))
        for unit, period, firms, value, top in rows
        if not is_small(firms, top, value)
    )


def _veiled(light: Light, shown: Shown) -> Light:
    if not light.extra:
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
