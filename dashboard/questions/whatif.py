"""What the scenarios ask the snapshot: amounts by place and month, clusters, and firms without their names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

import polars as pl

from dashboard import store
from dashboard.board import Board
from dashboard.questions import firms
from dashboard.questions.firms import NearFirm
from dashboard.scenario.crossing import Crossing, lines
from dashboard.scenario.facts import Cluster, Facts, FirmTotals
from dashboard.scenario.series import Series
from dashboard.store import Gate
from etl.policy import Policy

CBEC = "select unit, strftime(period, '%Y-%m'), month_cny, months, ytd_cny from mart_cbec_month order by 1, 2"
CLUSTERS = (
    "select unit, strftime(period, '%Y-%m'), cluster, firms, ttm_cny from mart_cluster_month order by 1, 2, 3"
)
# One row per firm and month that a projection can need: the same months of each year, as known by the period.
FIRMS = """
    select now.unit, now.cluster, now.uscc, strftime(past.period, '%Y-%m'), past.ytd_export + past.ytd_import
    from mart_firm_month as now
    inner join mart_firm_month as past on past.uscc = now.uscc and past.period <= now.period
    where now.period = cast($1 || '-01' as date)
        and list_contains(string_split($2, ','), strftime(past.period, '%m'))
        and past.period >= now.period - interval 36 month
    order by now.uscc, past.period
"""
BELONGS = "select uscc, unit, cluster from mart_firm_month where period = cast($1 || '-01' as date)"


def facts(gate: Gate, policy: Policy, board: Board, period: str, *, with_firms: bool) -> Facts:
    """What the scenarios start from. with_firms: single firms too, without a name or code."""
    flows = {flow: _flow(gate, flow) for flow in ("export", "import", "total")}
    return Facts(
        policy,
        board,
        period,
        flows["export"],
        flows["import"],
        flows["total"],
        store.common(gate, _series, CBEC),
        store.common(gate, _clusters, CLUSTERS),
        frozenset(unit.code for unit in policy.units if store.sees_firms(gate, unit.code)),
        _firms(gate, policy, board, period) if with_firms else (),
    )


def _flow(gate: Gate, flow: str) -> dict[str, Series]:
    def series() -> dict[str, Series]:
        return _series(store.trade(gate).select("unit", "period", f"month_{flow}", "months", f"ytd_{flow}"))

    return store.shared(gate, ("series", flow), series)


def _series(rows: pl.DataFrame) -> dict[str, Series]:
    """Series by unit from rows of (unit, period, month, how many months it covers, cumulative)."""
    ytd: dict[str, dict[str, Fraction]] = defaultdict(dict)
    months: dict[str, dict[str, tuple[Fraction, int]]] = defaultdict(dict)
    for unit, period, month, covered, cumulative in rows.iter_rows():
        if cumulative is not None:
            ytd[unit][period] = Fraction(cumulative)
        if month is not None and covered is not None:
            months[unit][period] = (Fraction(month), int(covered))
    return {unit: Series(ytd[unit], months[unit]) for unit in ytd}


def _clusters(rows: pl.DataFrame) -> dict[tuple[str, str], tuple[Cluster, ...]]:
    found: dict[tuple[str, str], list[Cluster]] = defaultdict(list)
    for unit, period, name, trading, ttm in rows.iter_rows():
        found[unit, period].append(Cluster(name, int(trading), Fraction(ttm)))
    return {key: tuple(group) for key, group in found.items()}


def _firms(gate: Gate, policy: Policy, board: Board, period: str) -> tuple[FirmTotals, ...]:
    """Counts alone come of these rows, so that every reader of the scoreboard may ask for what they add up to."""
    months = ",".join(sorted({"12", period[5:], *_deadline_months(policy, board, period)}))
    return store.common(gate, _totals, FIRMS, period, months)


def _deadline_months(policy: Policy, board: Board, period: str) -> Iterator[str]:
    for indicator in policy.indicators:
        for unit in policy.units:
            light = board.light(indicator.id, unit.code, period)
            deadline = (light.deadline if light else "") or policy.level(indicator, unit.code).deadline
            if deadline[-2:].isdigit():
                yield deadline[-2:]


def _totals(rows: pl.DataFrame) -> tuple[FirmTotals, ...]:
    ytd: dict[tuple[str, str | None, str], dict[str, Fraction]] = defaultdict(dict)
    for unit, cluster, uscc, at, cumulative in rows.iter_rows():
        if cumulative is not None:
            ytd[unit, cluster, uscc][at] = Fraction(cumulative)
    return tuple(FirmTotals(unit, cluster, known) for (unit, cluster, _), known in ytd.items())


def nearest(gate: Gate, policy: Policy, unit: str, period: str) -> tuple[NearFirm, ...]:
    """The firms near a line that an indicator counts, the least missing first. Forbidden unless they may be seen."""
    known = lines(policy)
    return tuple(firm for firm in firms.near_line(gate, unit, period) if int(firm.line_cny) in known)


def crossings(gate: Gate, unit: str, period: str, chosen: Iterable[NearFirm]) -> tuple[Crossing, ...]:
    """What those firms would bring. Forbidden unless the viewer may see the unit's firms."""
    store.require_firms(gate, unit)
    clusters = {uscc: cluster for uscc, _, cluster in store.read(gate, BELONGS, period)}
    return tuple(
        Crossing(
            firm.name, firm.unit, clusters.get(firm.uscc), int(firm.line_cny), Fraction(firm.missing_cny)
        )
        for firm in chosen
    )
