"""What a brief works out by rules of its own, worked out a second time: estimates, needs, shares, cases, gaps.

From the tables of the snapshot alone, with the document's numbers written down here; nothing is shared with the brief.
"""

import re
from decimal import Decimal
from fractions import Fraction

from briefs import Truth, year_before

Worth = Decimal | Fraction | float | int
SHARE, GROWTH, CBEC_BASE = Fraction(1, 10), Fraction(1, 2), "2023"
DAYS = {"rebate_days": (4, ("一", "二", "三", "四")), "rebate_days_class12": (3, ("一", "二"))}
PROJECTS_A_PARK, CLUSTER_FIRMS, CLUSTER_CNY = 2, 5, 200_000_000
LEVEL = "select target, value, deadline from scoreboard where indicator = ? and unit = ? and period = ?"


def worth(truth: Truth, topic: str, unit: str, period: str) -> tuple[Worth, ...]:
    """The number of a figure, of a need in two numbers both; empty for one that nobody works out here."""
    kind, _, of = topic.partition(":")
    rule = RULES.get(topic) or RULES.get(kind)
    found = rule(truth, of, unit, period) if rule else truth.of(topic, unit, period)
    return found if isinstance(found, tuple) else () if found is None else (found,)


def numbers(text: str) -> list[str]:
    """The parts of a figure that bear a number each: of a need or a lack there may be two."""
    return [part.removeprefix("近12个月额").partition("/")[0] for part in re.split("[，：]", text)]


def months_to(period: str, end: str) -> int:
    return (int(end[:4]) - int(period[:4])) * 12 + int(end[5:]) - int(period[5:])


def share_of_city(truth: Truth, _: str, unit: str, period: str) -> Fraction:
    city = next(code for role, code in truth.units if role == "city")
    mine, whole = (Fraction(truth.trade[code, period]["ytd_total"]) for code in (unit, city))
    return mine / whole


def scaled_up(now: Decimal, december: Decimal, same: Decimal) -> Fraction:
    """Year to date × last year ÷ last year's same months."""
    return Fraction(now) * Fraction(december) / Fraction(same)


def flow_ends(truth: Truth, unit: str, period: str) -> tuple[Fraction, Fraction]:
    """Exports and imports at the year's end, each alone."""
    december, same = f"{int(period[:4]) - 1}-12", year_before(period)
    rows = [truth.trade[unit, at] for at in (period, december, same)]
    ends = [scaled_up(*(row[flow] for row in rows)) for flow in ("ytd_export", "ytd_import")]
    return ends[0], ends[1]


def year_end_total(truth: Truth, _: str, unit: str, period: str) -> Fraction:
    return sum(flow_ends(truth, unit, period), Fraction(0))


def year_end_share(truth: Truth, _: str, unit: str, period: str) -> Fraction:
    exports, imports = flow_ends(truth, unit, period)
    return imports / (exports + imports)


def cbec(truth: Truth, unit: str, period: str) -> Decimal:
    return truth.of("cbec_ytd", unit, period)


def year_end_cbec(truth: Truth, _: str, unit: str, period: str) -> float:
    december = f"{int(period[:4]) - 1}-12"
    end = scaled_up(*(cbec(truth, unit, at) for at in (period, december, year_before(period))))
    years = int(period[:4]) - int(CBEC_BASE)
    return float(end / Fraction(cbec(truth, unit, f"{CBEC_BASE}-12"))) ** (1 / years) - 1


def cases(truth: Truth, indicator: str, unit: str, period: str) -> int:
    return completed(truth, indicator, unit, period)[0]


def completed(truth: Truth, indicator: str, unit: str, period: str) -> tuple[int, int]:
    """Normal cases of the year so far and their working days."""
    _, classes = DAYS[indicator]
    held = ", ".join(f"'{name}'" for name in classes)
    wanted = f"and rebate_class in ({held})" if len(classes) < 4 else ""
    rows = truth.con.execute(
        f"""select count(*), coalesce(sum(workdays), 0) from mart_rebate_case where state = '正常' {wanted}
        and year(completed) = ? and completed <= last_day(cast(? as date)) and {truth.where(unit)}""",
        [int(period[:4]), f"{period}-01", *truth.of_unit(unit)],
    )
    return rows.fetchall()[0]


def aeo(truth: Truth, _: str, unit: str, period: str) -> int:
    """Distinct firms of the registry file whose newest row by the month's end says 是."""
    rows = truth.con.execute(
        "select uscc, arg_max(aeo, effective), arg_max(unit, effective) from fact_firms"
        " where effective <= last_day(cast(? as date)) group by uscc",
        [f"{period}-01"],
    ).fetchall()
    whole = not truth.of_unit(unit)
    return sum(certified == "是" and (whole or at == unit) for _, certified, at in rows)


def near_line(truth: Truth, *_: str) -> Decimal:
    return Decimal("0.7")


def need(truth: Truth, indicator: str, unit: str, period: str) -> tuple[Worth, ...]:
    """What each remaining month must bring."""
    target, value, deadline = truth.con.execute(LEVEL, [indicator, unit, period]).fetchall()[0]
    end = deadline if deadline[:1].isdigit() else f"{period[:4]}-12"
    left, this_year = months_to(period, end), end[:4] == period[:4]
    rule = NEEDS.get(indicator)
    if rule:
        return rule(truth, indicator, unit, period, left, this_year)
    return (Fraction(target - value) / left,)


def need_imports(truth: Truth, _: str, unit: str, period: str, left: int, this_year: bool) -> tuple[Worth]:
    row, done = truth.trade[unit, period], int(period[5:])
    exports = Fraction(row["ytd_export"]) / done * 12  # both deadlines are a December
    goal = exports * SHARE / (1 - SHARE)
    return ((goal - Fraction(row["ytd_import"])) / left,) if this_year else (goal / 12,)


def need_cbec(truth: Truth, _: str, unit: str, period: str, left: int, this_year: bool) -> tuple[Worth]:
    goal = Fraction(cbec(truth, unit, f"{CBEC_BASE}-12")) * (1 + GROWTH) ** 3
    return ((goal - Fraction(cbec(truth, unit, period))) / left,) if this_year else (goal / 12,)


def need_days(
    truth: Truth, indicator: str, unit: str, period: str, left: int, this_year: bool
) -> tuple[Worth]:
    bound, _ = DAYS[indicator]
    done, days = completed(truth, indicator, unit, period)
    coming = Fraction(done, int(period[5:])) * left
    return ((bound * (done + coming) - days) / coming,)


def need_projects(truth: Truth, _: str, unit: str, period: str, left: int, this_year: bool) -> tuple[Worth]:
    rows = truth.con.execute(
        f"""select count(project.project) from mart_park as park left join mart_park_project as project
        on project.park = park.park and year(project.brought_in) = ? and project.amount_usd >= 1000000
        and project.brought_in <= last_day(cast(? as date)) where {truth.where(unit)} group by park.park""",
        [int(period[:4]), f"{period}-01", *truth.of_unit(unit)],
    ).fetchall()
    return (Fraction(sum(max(0, PROJECTS_A_PARK - count) for (count,) in rows), left),)


def need_cluster(
    truth: Truth, _: str, unit: str, period: str, left: int, this_year: bool
) -> tuple[Worth, ...]:
    """Of the city units; of a unit what its best cluster is short of."""
    if not truth.of_unit(unit):
        target, value, _ = truth.con.execute(LEVEL, ["county_clusters", unit, period]).fetchall()[0]
        return (Fraction(target - value) / left,)
    rows = truth.con.execute(
        "select firms, ttm_cny from mart_cluster_month where unit = ? and period = ?", [unit, f"{period}-01"]
    ).fetchall()
    firms, value = max(
        rows, key=lambda row: min(Fraction(int(row[0]), CLUSTER_FIRMS), Fraction(row[1]) / CLUSTER_CNY)
    )
    short = Fraction(CLUSTER_FIRMS - int(firms)), CLUSTER_CNY - Fraction(value)
    return tuple(lack / left for lack in short if lack > 0)


def lacking(truth: Truth, indicator: str, unit: str, period: str) -> tuple[Worth, ...]:
    """What a unit adds to the city's gap: amounts against the city's pace or target, else its own distance."""
    city = next(code for role, code in truth.units if role == "city")
    _, target, pace, _ = truth.board[indicator, city, period]
    bound = Fraction(repr(target if pace is None else pace))
    if indicator == "import_share":
        row = truth.trade[unit, period]
        return (bound * Fraction(row["ytd_total"]) - Fraction(row["ytd_import"]),)
    if indicator in DAYS or indicator == "cbec_growth":
        return ()
    value, target, pace, status = truth.board[indicator, unit, period]
    if status == "behind":
        return (abs(value - (target if pace is None else pace)),)
    line = {"firms_over_1b": 1_000_000_000, "firms_over_100m": 100_000_000}[indicator]
    rows = truth.con.execute(
        f"select {line} - ttm_total from mart_firm_tier where unit = ? and period = ? and ttm_total < {line}"
        f" and ttm_total >= {line} * 0.7",
        [unit, f"{period}-01"],
    ).fetchall()
    return len(rows), min(short for (short,) in rows)


NEEDS = {
    "import_share": need_imports,
    "cbec_growth": need_cbec,
    "rebate_days": need_days,
    "rebate_days_class12": need_days,
    "park_projects": need_projects,
    "county_clusters": need_cluster,
}
RULES = {
    "share_total": share_of_city,
    "year_end_total": year_end_total,
    "year_end:import_share": year_end_share,
    "year_end:cbec_growth": year_end_cbec,
    "cases": cases,
    "aeo": aeo,
    "near_line": near_line,
    "need": need,
    "share": lacking,
}
