"""Where the table stands in a sheet: its kind, header rows, columns, money unit and month.

Columns are mapped by name, never by position. Header rows may be one to three, with group cells
merged over their columns; above them stand a title and a 单位 line.
"""

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from etl.cells import FOREIGN_UNITS, MONEY_UNITS
from etl.contracts import Column, Source
from etl.decode import Table, months_in
from etl.errors import FileRefused
from etl.sources import ALL, BY_KIND

MAX_HEADER_LEVELS = 3


@dataclass(frozen=True)
class Hints:
    """What the user says about a file because nothing in it does (options of ``trade-kpi load``)."""

    kind: str | None = None
    flow: str | None = None
    period: str | None = None
    unit: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Layout:
    """A recognised table. columns: name → index in the sheet; factors: money column → yuan per unit."""

    source: Source
    first_row: int
    columns: dict[str, int]
    labels: dict[str, str]
    factors: dict[str, Decimal]
    width: int
    month: tuple[dt.date, int] | None


def recognise(table: Table, hints: Hints, path: Path, others: Sequence[str] = ()) -> Layout:
    """The layout of a table; FileRefused, one sentence, where header, unit, currency or month is unknown."""
    source, top, depth, labels = _header(table, hints)
    above = [text for _, cells in table.head[:top] for text in cells if text]
    names = {_plain(label): index for index, label in reversed(list(enumerate(labels))) if label}
    columns = {
        name: names[spelling]
        for name, (_, spellings) in _wanted(source.kind).items()
        for spelling in reversed(spellings)
        if spelling in names
    }
    shown = {name: labels[index] for name, index in columns.items()}
    month = _month(source, above, table.sheet, path, hints, others)
    factors = _factors(source, columns, labels, above, hints)
    return Layout(source, table.head[top + depth - 1][0] + 1, columns, shown, factors, len(labels), month)


def _header(table: Table, hints: Hints) -> tuple[Source, int, int, list[str]]:
    """The best reading of the first rows as a header: (source, its first row's index, levels, labels)."""
    sources = [source for source in ALL if hints.kind in (None, source.kind)]
    best: tuple[int, Source, int, int, list[str]] | None = None
    nearest: tuple[float, Source, list[str]] | None = None
    for top in range(len(table.head)):
        for depth in range(1, min(MAX_HEADER_LEVELS, len(table.head) - top) + 1):
            labels = _labels([cells for _, cells in table.head[top : top + depth]])
            present = {_plain(label) for label in labels if label}
            for source in sources:
                found, missing = _match(source, present)
                if found and not missing and (best is None or (found, -depth) > (best[0], -best[3])):
                    best = (found, source, top, depth, labels)
                share = found / (found + len(missing)) if missing and found > 1 else 0.0
                if share and (nearest is None or share > nearest[0]):
                    nearest = (share, source, missing)
    if best:
        return best[1:]
    if nearest and nearest[0] >= 0.4:
        _, source, missing = nearest
        raise FileRefused(
            f"{_at(table)}像是「{source.label}」，但缺少列「{'」「'.join(missing)}」，请补上后再发。"
        )
    raise FileRefused(
        f"{_at(table)}认不出表头，请对照模板（trade-kpi template）改列名，或用 --kind 指明种类。"
    )


def _match(source: Source, present: set[str]) -> tuple[int, list[str]]:
    """How many of the source's columns the labels name, and the main headers of required ones they lack."""
    found = 0
    missing = []
    for column, spellings in _wanted(source.kind).values():
        if not present.isdisjoint(spellings):
            found += 1
        elif column.required:
            missing.append(column.header)
    if source.recognised_by:
        currency = present & {"人民币", "美元", "金额"}
        if not currency or not present.intersection(source.recognised_by):
            return 0, ["人民币"]
    return found, missing


def _labels(levels: list[list[str]]) -> list[str]:
    """One label a column from stacked header cells; a group cell reaches over the blank ones after it.

    A column whose own upper cell is filled and whose lower is blank is merged downwards and ends a group.
    """
    width = max(map(len, levels))
    padded = [[cell.strip() for cell in cells] + [""] * (width - len(cells)) for cells in levels]
    labels = padded[-1]
    for upper in reversed(padded[:-1]):
        group, joined = "", []
        for top, low in zip(upper, labels, strict=True):
            group = top or (group if low else "")
            joined.append(group + low)
            if top and not low:
                group = ""
        labels = joined
    return labels


@functools.lru_cache(maxsize=4096)
def _plain(label: str) -> str:
    """A header without spaces, line breaks and bracketed remarks, its trade words in one order."""
    text = re.sub(r"[\s*＊:：]", "", unicodedata.normalize("NFKC", label))
    text = re.sub(r"[(\[【].*?[)\]】]", "", text) or text
    return _trade_words(text)


def _trade_words(text: str) -> str:
    """「本月出口额」「出口1-9月累计」「进出口|当月」 → 「出口当月」「出口累计」「进出口当月」; others unchanged."""
    flow = re.search("进出口|出口|进口", text)
    if not flow:
        return text
    rest = text.replace(flow[0], "", 1)
    change = re.search("同比|增长|增幅|增速|±", rest)
    span = None
    if re.search(r"累计|\d+月?[-—–~至]\d+月", rest):
        span = "累计"
    elif re.search(r"当月|本月|^\d{1,2}月", rest):
        span = "当月"
    if change:
        return f"{flow[0]}{span or ''}同比"
    leftover = re.sub(r"累计|当月|本月|\d|[-—–~至年月]|总值|总额|金额|数额|额|值|数|人民币", "", rest)
    return f"{flow[0]}{span}" if span and not leftover else text


@functools.cache
def _wanted(kind: str) -> dict[str, tuple[Column, tuple[str, ...]]]:
    """The columns of a kind with the spellings that name them, the main one first."""
    return {
        name: (column, tuple(_plain(word) for word in (column.header, *column.aliases)))
        for name, column in BY_KIND[kind].columns.items()
    }


def _month(
    source: Source, above: list[str], sheet: str, path: Path, hints: Hints, others: Sequence[str]
) -> tuple[dt.date, int] | None:
    """The table's month and span: from the title, the sheet's name, the file's name, or the user."""
    if source.period == "none" or (source.period == "row" and source.kind != "customs_public"):
        return None
    if hints.period:
        stated = months_in(hints.period)
        if not stated:
            raise FileRefused(f"--period「{hints.period}」不是月份，请写成 2025-09 这样。")
        return _first_day(stated[-1])
    if source.period == "row":
        return None
    for text in ("".join(above), sheet, path.stem, *others):
        if named := months_in(text):
            return _first_day(named[0])
        lone = re.fullmatch(r"(\d{1,2})月", sheet.strip())
        year = re.search(r"(20\d{2})年", "".join(above) + path.stem)
        if lone and year and 1 <= int(lone[1]) <= 12:
            return dt.date(int(year[1]), int(lone[1]), 1), 1
    raise FileRefused("标题、工作表名和文件名里都没有统计月份，请用 --period 指明，如 --period 2025-09。")


def _first_day(named: tuple[int, int, int]) -> tuple[dt.date, int]:
    return dt.date(named[0], named[1], 1), named[2]


def _factors(
    source: Source, columns: dict[str, int], labels: list[str], above: list[str], hints: Hints
) -> dict[str, Decimal]:
    """Yuan per unit of each money column: its header's bracket, the 单位 line, the user, the kind's custom."""
    line = _unit_line(above)
    factors = {}
    for name, column in source.columns.items():
        if column.reader != "money" or name not in columns:
            continue
        stated = _bracket(labels[columns[name]]) or line or hints.unit or column.unit
        if stated is None:
            raise FileRefused(
                "没有写明金额单位（元、万元或亿元），请在表上注明，或用 --unit 指明，如 --unit 万元。"
            )
        factors[name] = _factor(stated, dollars=name.endswith("usd") or source.kind == "park_projects")
    if hints.currency not in (None, "CNY", "人民币") and source.kind != "customs_public":
        raise FileRefused(f"金额须为人民币，不能按 {hints.currency} 计入指标；请提供人民币口径的表。")
    return factors


def _unit_line(above: Iterable[str]) -> str | None:
    for text in above:
        if match := re.search(r"(?:金额|计量)?单位\s*[:：]?\s*([^\s,，;；、)）]+)", text):
            return match[1]
    return None


def _bracket(label: str) -> str | None:
    match = re.search(r"[(（\[]([^()（）\[\]]*[元万亿])[)）\]]", label)
    return match[1] if match else None


def _factor(unit: str, dollars: bool) -> Decimal:
    plain = unicodedata.normalize("NFKC", unit).replace("人民币", "").strip(" ,()")
    if dollars:
        plain = plain.replace("美元", "元").replace("USD", "元")
    if plain in MONEY_UNITS:
        return MONEY_UNITS[plain]
    if plain in FOREIGN_UNITS:
        raise FileRefused(f"金额单位是「{unit}」，指标以人民币计；请提供人民币口径的表。")
    raise FileRefused(f"不认识的金额单位「{unit}」，请改为元、万元或亿元。")


def _at(table: Table) -> str:
    return f"工作表「{table.sheet}」" if table.sheet else "文件"
