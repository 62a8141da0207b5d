"""Firm-level customs detail: each firm's months split over commodities, partners and modes."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from etl.demo.faults import fault_rows
from etl.demo.files import GB18030, Cells, write_csv
from etl.demo.firms import Firm
from etl.demo.story import MARKET_PROCUREMENT, MONTHS, YUAN, dice, index
from etl.demo.trade import Flows

HEADER = (
    "统计年月", "进出口标志", "统一社会信用代码", "企业名称", "商品编码", "贸易伙伴编码", "监管方式编码", "人民币值", "美元值",
)  # fmt: skip
RATES = {2023: 7.05, 2024: 7.12, 2025: 7.16, 2026: 7.02}  # yuan for a dollar, invented
EXPORTED = {
    "农产品": ("07032010", "07049090", "07061000", "07096000", "07093000", "07123100",
             "08055000", "08052190", "20059999", "09024090"),
    "机电产品": ("85044091", "85340090", "84733090", "85444219", "85171300", "85076000", "84715040", "90138030"),
    "轻工产品": ("42022200", "42021290", "64029900", "61102000", "62034290", "95030089", "94036099", "39269090"),
    "其他": ("28257000", "44123900", "72202090", "69072100", "33074900", "38089400"),
}  # fmt: skip
IMPORTED = {
    "农产品": ("12019020", "08045020", "10059000", "44032190"),
    "机电产品": ("85423190", "85323000", "84798999", "90314990"),
    "轻工产品": ("39012000", "41071210", "52010000", "48043100"),
    "其他": ("26020000", "44071190", "33049900", "25132000"),
}
PARTNERS = ("110", "502", "105", "106", "107", "112", "119", "122", "129", "132", "136", "141", "301", "302", "304", "305",
            "307", "108", "201", "215", "244", "246", "116", "133", "601", "609")  # fmt: skip
PARTNER_WEIGHTS = {
    "农产品": (30, 3, 2, 4, 4, 9, 1, 5, 3, 7, 3, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6, 4, 1, 1),
    "机电产品": (22, 15, 1, 1, 1, 4, 1, 5, 3, 5, 4, 8, 2, 3, 7, 3, 3, 3, 1, 2, 2, 2, 4, 4, 2, 1),
    "轻工产品": (9, 20, 1, 1, 1, 5, 1, 6, 5, 5, 4, 6, 2, 4, 7, 4, 4, 3, 2, 3, 3, 4, 3, 3, 4, 2),
    "其他": (12, 12, 1, 2, 2, 5, 2, 6, 4, 5, 4, 6, 2, 3, 5, 3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 2),
}
BUYERS = {
    industry: tuple(partner for partner, weight in zip(PARTNERS, weights, strict=True) for _ in range(weight))
    for industry, weights in PARTNER_WEIGHTS.items()
}
SUPPLIERS = ("122", "116", "133", "601", "609", "110", "304", "244", "502", "136", "412", "410")
ORDINARY_MODES = ("0110",) * 22 + ("0615",) * 2 + ("0214",)  # each as often as it is drawn
CBEC_MODES = ("9610",) * 7 + ("9710",) * 9 + ("9810",) * 4
MARKET_MODE, MARKET_FIRMS = "1039", 0.25  # share of the unit's ordinary rows that go by market procurement


def write_declarations(folder: Path, firms: list[Firm], flows: list[Flows]) -> list[Path]:
    """One GB18030 file a year; for every firm and month the rows add up to its figure in the firm table."""
    rng = dice("declarations")
    paths = []
    for year in sorted({year for year, _ in MONTHS}):
        path = folder / f"演示海关明细{year}年.csv"
        rows = (
            row for t, month in enumerate(MONTHS) if month[0] == year for row in _month(firms, flows, t, rng)
        )
        faults = fault_rows(path.name)
        paths.append(write_csv(path, HEADER, (*rows, *faults), GB18030))
    return paths


def _month(firms: list[Firm], flows: list[Flows], t: int, rng: random.Random) -> Iterator[Cells]:
    for firm, flow in zip(firms, flows, strict=True):
        exports, imports = flow.exports[t], flow.imports[t]
        if exports:
            yield from _rows(firm, t, "出口", flow.cbec_exports[t], cbec=True, rng=rng)
            yield from _rows(firm, t, "出口", exports - flow.cbec_exports[t], cbec=False, rng=rng)
        if imports:
            yield from _rows(firm, t, "进口", flow.cbec_imports[t], cbec=True, rng=rng)
            yield from _rows(firm, t, "进口", imports - flow.cbec_imports[t], cbec=False, rng=rng)


def _rows(firm: Firm, t: int, flow: str, amount: int, *, cbec: bool, rng: random.Random) -> Iterator[Cells]:
    """Rows whose yuan add up to ``amount`` hundreds, none where that is 0."""
    if not amount:
        return
    year, month = MONTHS[t]
    export = flow == "出口"
    commodities = (EXPORTED if export else IMPORTED)[firm.industry]
    partners = BUYERS[firm.industry] if export else SUPPLIERS
    for yuan in _parts(amount * YUAN, _how_many(export, cbec, rng), rng):
        dollars = round(yuan / RATES[year])
        yield (
            f"{year}{month:02d}", flow, firm.uscc, firm.name, _drawn(commodities, rng), _drawn(partners, rng),
            _mode(firm, t, export, cbec, rng), f"{yuan:,}", f"{dollars:,}",
        )  # fmt: skip


def _drawn(options: Sequence[str], rng: random.Random) -> str:
    return options[int(rng.random() * len(options))]


def _how_many(export: bool, cbec: bool, rng: random.Random) -> int:
    draw = rng.random()
    return 1 + int(draw * 2) if cbec or not export else 2 + int(draw * 3)


def _parts(yuan: int, count: int, rng: random.Random) -> list[int]:
    """``yuan`` in at most ``count`` uneven whole parts; small and negative sums stay in one."""
    if yuan < 10_000 or count == 1:
        return [yuan]
    weights = [0.3 + 0.7 * rng.random() for _ in range(count)]
    scale = yuan / sum(weights)
    parts = [int(scale * weight) for weight in weights[1:]]
    return [*parts, yuan - sum(parts)]


def _mode(firm: Firm, t: int, export: bool, cbec: bool, rng: random.Random) -> str:
    if cbec:
        return _drawn(CBEC_MODES, rng)
    unit, start = MARKET_PROCUREMENT
    if export and firm.unit(t) == unit and t >= index(start) and rng.random() < MARKET_FIRMS:
        return MARKET_MODE
    return _drawn(ORDINARY_MODES, rng)
