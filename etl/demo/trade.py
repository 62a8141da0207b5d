"""How much each firm trades in each month, so that the story of story.py comes out."""

import math
import random
from collections import defaultdict
from dataclasses import dataclass

from etl.demo.firms import Firm
from etl.demo.story import (
    CBEC_CURVE,
    CBEC_LATE,
    CBEC_SEASON,
    DIPS,
    IMPORT_SHARE,
    MONTHS,
    SEASON,
    UNIT,
    UNITS,
    WAN,
    dice,
    index,
)

MIDDLE_2023 = 5.5  # position of the middle of 2023
BETWEEN = len(MONTHS) - 6.5 - MIDDLE_2023  # months from there to the middle of the last twelve
NOISE, LEADER_NOISE = 0.22, 0.07
HIGHEST_IMPORT_SHARE = 0.95  # of one firm's month
CBEC_IMPORT_UNITS, CBEC_IMPORT_SHARE = ("431103", "431171"), 0.04
REVISIONS = 14  # firm-months whose cumulative was corrected afterwards
CORRECTION = (2025, 5)  # in this month one firm without trade shows a correction of …
CORRECTED_BY = -5 * WAN


@dataclass
class Flows:
    """One firm's months, aligned with MONTHS. The cbec parts are within exports and imports.

    revisions: what the cumulative of exports gained or lost in a month beside that month's own figure.
    """

    exports: list[int]
    imports: list[int]
    cbec_exports: list[int]
    cbec_imports: list[int]
    revisions: list[int]


def build_trade(firms: list[Firm]) -> list[Flows]:
    """The months of every firm, in the order of ``firms``."""
    rng = dice("trade")
    totals = [_totals(firm, rng) for firm in firms]
    flows = [Flows(list(total), *([0] * len(MONTHS) for _ in range(4))) for total in totals]
    for t in range(len(MONTHS)):
        _split_imports(firms, flows, t, rng)
        _split_cbec(firms, flows, t, rng)
    _revise(firms, flows)
    return flows


def _totals(firm: Firm, rng: random.Random) -> list[int]:
    """Imports and exports together, growing from ``then`` to ``now`` with season, noise and idle months."""
    slope = math.log(firm.now / firm.then) / BETWEEN
    deviation = NOISE if firm.leader is None else LEADER_NOISE
    active = _activity(firm)
    shape = []
    for t, (_, month) in enumerate(MONTHS):
        runs = firm.begins <= t < firm.ends and (rng.random() < active or t == firm.begins)
        noise = math.exp(rng.gauss(0, deviation))
        level = math.exp(slope * (t - len(MONTHS) + 6.5)) * SEASON[firm.industry][month - 1]
        shape.append(level * noise * _dip(firm, t) / active if runs else 0.0)
    scale = firm.now / (sum(shape[-12:]) if firm.leader is not None else 12)
    return [round(scale * value) for value in shape]


def _activity(firm: Firm) -> float:
    """Chance that a month has trade: leading and clustered firms always, the smallest every other month."""
    if firm.leader is not None or firm.cluster or firm.now > 2000 * WAN:
        return 1.0
    return 0.92 if firm.now > 500 * WAN else 0.75 if firm.now > 100 * WAN else 0.5


def _dip(firm: Firm, t: int) -> float:
    if firm.leader not in DIPS:
        return 1.0
    first, last, factor = DIPS[firm.leader]
    return factor if index(first) <= t <= index(last) else 1.0


def _split_imports(firms: list[Firm], flows: list[Flows], t: int, rng: random.Random) -> None:
    """Give each unit its imports of the month; together they make the city's planned share exactly."""
    members = _by_unit(firms, t)
    trade = {code: sum(flows[n].exports[t] for n in group) for code, group in members.items()}
    wish = {unit.code: unit.import_share * math.exp(rng.gauss(0, 0.02)) for unit in UNITS}
    year, month = MONTHS[t]
    wanted = IMPORT_SHARE[year][month - 1] * sum(trade.values())
    level = wanted / sum(wish[code] * trade[code] for code in members)
    for code, group in members.items():
        weight = sum(flows[n].exports[t] * firms[n].imports for n in group)
        rate = level * wish[code] * trade[code] / weight if weight else 0.0
        for n in group:
            share = min(HIGHEST_IMPORT_SHARE, rate * firms[n].imports)
            flows[n].imports[t] = round(share * flows[n].exports[t])
            flows[n].exports[t] -= flows[n].imports[t]


def _split_cbec(firms: list[Firm], flows: list[Flows], t: int, rng: random.Random) -> None:
    """Mark the part of each unit's month that is cross-border e-commerce."""
    for code, group in _by_unit(firms, t).items():
        sellers = [n for n in group if firms[n].cbec]
        exports = sum(flows[n].exports[t] for n in sellers)
        planned = cbec_plan(code, t) * math.exp(rng.gauss(0, 0.03))
        rate = min(HIGHEST_IMPORT_SHARE, planned / exports) if exports else 0.0
        import_rate = CBEC_IMPORT_SHARE if code in CBEC_IMPORT_UNITS and rate else 0.0
        for n in sellers:
            flows[n].cbec_exports[t] = int(rate * flows[n].exports[t])
            flows[n].cbec_imports[t] = int(import_rate * flows[n].imports[t])


def cbec_plan(code: str, t: int) -> float:
    """A unit's planned e-commerce of a month; 0 for units that have none (yet)."""
    season = CBEC_SEASON[MONTHS[t][1] - 1]
    late, first, start, growth = CBEC_LATE
    if code == late:
        return start * WAN * (1 + growth) ** ((t - index(first)) / 12) * season if t >= index(first) else 0.0
    base, growth = UNIT[code].cbec
    return float(base * WAN * (1 + growth) ** _grown_years(t) * season)


def _grown_years(t: int) -> float:
    """Years of growth behind a month, bent by CBEC_CURVE; three between the middles of 2023 and 2026."""
    first, last = MIDDLE_2023 / 12, MIDDLE_2023 / 12 + 3
    return float(3 * (t / 12) ** CBEC_CURVE / (last**CBEC_CURVE - first**CBEC_CURVE))


def _by_unit(firms: list[Firm], t: int) -> dict[str, list[int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for n, firm in enumerate(firms):
        members[firm.unit(t)].append(n)
    return members


def _revise(firms: list[Firm], flows: list[Flows]) -> None:
    """A few later corrections to cumulatives, and one month that is nothing but a correction."""
    rng = dice("revisions")
    steady = [n for n, firm in enumerate(firms) if firm.leader is None and firm.now > 1500 * WAN]
    for n in rng.sample(steady, REVISIONS):
        t = rng.choice([t for t, (_, month) in enumerate(MONTHS) if month > 2])
        flows[n].revisions[t] = round(flows[n].exports[t] * rng.uniform(-0.02, 0.03))
    t = index(CORRECTION)
    idle = next(
        n for n, flow in enumerate(flows) if flow.exports[t - 1] and not flow.exports[t] + flow.imports[t]
    )
    flows[idle].exports[t] = CORRECTED_BY
