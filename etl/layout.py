"""Where the table stands in a sheet: its kind, header rows, columns, money unit and month.

Columns are mapped by name, never by position. Header rows may be one to three, with group cells
merged over their columns; above them stand a title and a 单位 line.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from etl.cells import FOREIGN_UNITS, MONEY_UNITS
from etl.contracts import Source
from etl.errors import FileRefused
from etl.headers import ALL_TRADE, Header, find_header, plain_label, titles_above, wanted
from etl.tables import DAY_ZERO, Merge, Table
from etl.titles import (
    header_unit,
    is_from_january,
    is_months,
    money_unit_in,
    month_of_header,
    months_in,
    part_of_trade,
    plain,
    year_in,
)

FILLED_IN = "^.{0,4}(填报|填表|制表|打印|导出|编制|报送|上报|更新|生成)(日期|时间|人)?:"  # when a table was made, not its month
Month = tuple[dt.date, int]  # first day, months that its figures span


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
    """A recognised table.

    first_row: of the data, as the sheet numbers it. columns: name → index in the sheet; labels: name →
    its header as it stands there; headers: all of them in order. factors: money column → yuan per unit.
    sheet_month: what the sheet's name says, where the title says another month. part: of a kind that holds all trade,
    the part of it that the title is about, "" for all. day_zero and merged: as of Table.
    """

    source: Source
    first_row: int
    columns: dict[str, int]
    labels: dict[str, str]
    headers: list[str]
    factors: dict[str, Decimal]
    month: Month | None
    sheet_month: Month | None = None
    part: str = ""
    day_zero: str = DAY_ZERO
    merged: tuple[Merge, ...] = ()


def recognise(table: Table, hints: Hints, path: Path) -> Layout:
    """The layout of a table; FileRefused, one sentence, where header, unit, currency or month is unknown."""
    header = find_header(table, hints.kind)
    above = titles_above(table, header.top)
    columns = _columns(header, hints)
    month, sheet_month = _month(header.source, "period" in columns, above, table.sheet, path, hints)
    chosen = {name: _only(name, found, header, month) for name, found in columns.items()}
    factors = _factors(header.source, chosen, header.labels, above, hints)
    return Layout(
        source=header.source,
        first_row=table.head[header.top + header.depth - 1][0] + 1,
        columns=chosen,
        labels={name: header.labels[index] for name, index in chosen.items()},
        headers=header.labels,
        factors=factors,
        month=month,
        sheet_month=sheet_month,
        part=part_of_trade([*above, table.sheet]) if header.source.kind in ALL_TRADE else "",
        day_zero=table.day_zero,
        merged=table.merged,
    )


def names_dollars(layout: Layout, name: str) -> bool:
    """Whether the header of amounts whose currency the row says names dollars itself: rows in yuan contradict it then."""
    return layout.source.columns[name].currency == "row" and "美元" in plain(layout.labels[name])


def contradictions(layouts: Sequence[Layout], hints: Hints, path: Path) -> list[str]:
    """Where title, sheet, headers and file name say different months, or a title only a part of trade, as Chinese phrases.

    One of the months is left from another table; what the user states holds. A file name may say the last of several.
    """
    parts = [f"标题写的是「{item.part}」，像是一部分进出口而不是全部" for item in layouts if item.part]
    if hints.period:
        return parts
    found = parts + [
        f"工作表名写的是 {item.sheet_month[0]:%Y-%m}，它的标题写的却是 {item.month[0]:%Y-%m}"
        for item in layouts
        if item.month and item.sheet_month
    ]
    found += itertools.chain.from_iterable(map(_other_headers, layouts))
    named, months = _clear(_stem(path)), {item.month[0] for item in layouts if item.month}
    if named and months and named[0] not in months:
        found.append(f"文件名写的是 {named[0]:%Y-%m}，表上写的却是 {max(months):%Y-%m}")
    return found


def _other_headers(layout: Layout) -> Iterator[str]:
    """The first amount under a header of another year or month than the table's."""
    if layout.month is None:
        return
    month = layout.month[0]
    for label in (layout.labels[name] for name in layout.factors):
        if any(
            named not in (None, own)
            for named, own in zip(month_of_header(label), (month.year, month.month), strict=True)
        ):
            yield f"列名是「{label}」，表上写的却是 {month:%Y-%m}"
            return


def _columns(header: Header, hints: Hints) -> dict[str, list[int]]:
    """Each column's places in the sheet, by the first of its spellings that is there."""
    places: dict[str, list[int]] = {}
    for index, label in enumerate(header.labels):
        places.setdefault(plain_label(label), []).append(index)
    found = {
        name: places[spelling]
        for name, (_, spellings) in wanted(header.source.kind).items()
        for spelling in reversed(spellings)
        if spelling in places
    }
    if header.source.kind == "customs_public" and not {"value_cny", "value_usd"} & found.keys():
        found[_stated_currency(hints)] = places["金额"]
    return found


def _stated_currency(hints: Hints) -> str:
    """The value column for what the user says about a header that names no currency."""
    if hints.currency in ("CNY", "人民币"):
        return "value_cny"
    if hints.currency in ("USD", "美元"):
        return "value_usd"
    raise FileRefused("金额列没有写明币种，请用 --currency CNY 或 --currency USD 指明。", lacks="currency")


def _only(name: str, places: list[int], header: Header, month: Month | None) -> int:
    """The one place of a column; of two amounts the one of the table's own year and month, never a guess."""
    if len(places) == 1 or header.source.columns[name].reader != "money":
        return places[0]
    yuan = [index for index in places if header_unit(header.labels[index]) not in FOREIGN_UNITS]
    places = yuan if yuan and not name.endswith("usd") else places
    dates = {index: month_of_header(header.labels[index]) for index in places}
    years, months = ((month[0].year, None), (month[0].month, None)) if month else ((None,), (None,))
    for date in itertools.product(years, months):
        dated = [index for index, named in dates.items() if named == date]
        if len(dated) == 1:
            return dated[0]
    raise FileRefused(
        f"有 {len(places)} 列都是「{header.labels[places[0]]}」，不知取哪一列，请只保留本期的一列再发。"
    )


def _month(
    source: Source, has_column: bool, above: list[str], sheet: str, path: Path, hints: Hints
) -> tuple[Month | None, Month | None]:
    """The table's month: from the title, the sheet's name, the user, or the file's name; None where rows have it.

    A public download without months may span any number of them: there only the user can say. With it the
    month of the sheet's name, where the title says another.
    """
    if source.period == "none" or has_column:
        return None, None
    stated = _stated_month(hints)
    if source.kind == "customs_public":
        return stated, None
    above = [text for text in above if not re.search(FILLED_IN, plain(text))]
    sheet = _dated(sheet, "|".join(above), path)
    title = next(filter(None, (_first(text, stated) for text in above)), None)
    named = title or _first(sheet, stated)
    if named and stated and named[0] != stated[0]:
        raise FileRefused(f"表上写的是 {named[0]:%Y-%m}，与 --period {hints.period} 不一致，请核对。")
    found = named or stated or _first(_stem(path))
    spans = any(map(is_from_january, (*above, sheet) if named else (_stem(path),)))
    if source.period == "row" and found and found != stated and found[1] == 1 and spans:
        raise FileRefused(
            "没有写明每行月份的列，标题或文件名写的却是几个月的合计，分不清各月；请补上「统计月份」列，或每月存成一张表。",
            lacks="period",
        )
    if found is None:
        raise FileRefused(
            "标题、工作表名和文件名里都没有统计月份，请用 --period 指明，如 --period 2025-09。",
            lacks="period",
        )
    other = _clear(sheet)
    return found, other if other and other[0] != found[0] else None


def _stem(path: Path) -> str:
    """A file's name without its ending and the number of a copy."""
    return re.sub(r"[-_(]\d\)?$", "", path.stem)


def _dated(sheet: str, title: str, path: Path) -> str:
    """A sheet's name, that of a month with the year from the title or the file's name."""
    year = year_in(title) or year_in(path.stem)
    return f"{year}年{plain(sheet)}" if year and is_months(sheet) else sheet


def _stated_month(hints: Hints) -> Month | None:
    if not hints.period:
        return None
    if stated := _first(hints.period):
        return stated
    raise FileRefused(f"--period「{hints.period}」不是月份，请写成 2025-09 这样。")


def _first(text: str, stated: Month | None = None) -> Month | None:
    """The month that a text names; a quarter or several months are none, and the user must have stated one."""
    named = dict.fromkeys(months_in(text))
    if not named:
        return None
    (year, month, span), *others = named
    if (others or not month) and stated:
        return None
    if others or not month:
        raise FileRefused(f"「{text[:40]}」写的不是一个月，也不是1月起的累计，请改好标题，或每月存成一张表。")
    return dt.date(year, month, 1), span


def _clear(text: str) -> Month | None:
    """The one month that a text names; None for none, several, or a span that is no month's."""
    named = set(months_in(text))
    year, month, span = named.pop() if len(named) == 1 else (0, 0, 1)
    return (dt.date(year, month, 1), span) if month else None


def _factors(
    source: Source, columns: dict[str, int], labels: list[str], above: list[str], hints: Hints
) -> dict[str, Decimal]:
    """Yuan per unit of each money column: its header's bracket, the 单位 line, the user, the kind's custom."""
    line = money_unit_in(above)
    if line and hints.unit and line in MONEY_UNITS and plain(hints.unit).replace("人民币", "") != line:
        raise FileRefused(f"表上写的单位是{line}，与 --unit {hints.unit} 不一致，请核对。")
    factors = {}
    for name, column in source.columns.items():
        if column.reader != "money" or name not in columns:
            continue
        stated = header_unit(labels[columns[name]]) or line or hints.unit or column.unit
        if stated is None:
            raise FileRefused(
                "没有写明金额单位（元、万元或亿元），请在表上注明，或用 --unit 指明，如 --unit 万元。",
                lacks="unit",
            )
        factors[name] = _factor(stated, dollars=name.endswith("usd") or source.kind == "park_projects")
    if hints.currency not in (None, "CNY", "人民币") and source.kind != "customs_public":
        raise FileRefused(f"金额须为人民币，不能按 {hints.currency} 计入指标；请提供人民币口径的表。")
    return factors


def _factor(unit: str, dollars: bool) -> Decimal:
    word = plain(unit).replace("人民币", "")
    if dollars:
        word = word.replace("美元", "元").replace("USD", "元")
    if word in MONEY_UNITS:
        return MONEY_UNITS[word]
    if word in FOREIGN_UNITS:
        raise FileRefused(f"金额单位是「{unit}」，指标以人民币计；请提供人民币口径的表。")
    raise FileRefused(f"不认识的金额单位「{unit}」，请改为元、万元或亿元。")
