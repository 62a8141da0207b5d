"""Rows of a table that are no data: totals, notes, headers repeated further down, blank lines."""

import re

import polars as pl

from etl import cells
from etl.layout import Layout
from etl.policy import Unit
from etl.titles import plain

_WORD = r"(合\s*计|小\s*计|总\s*计|共\s*计|总\s*和|汇\s*总)\s*数?"
_REST = r"\s*[:：]?\s*([(（][^()（）]*[)）])?\s*([0-9]+\s*[家户个条笔])?\s*[:：]?\s*$"  # 「合计（2家）：」
_PART = r"^(小\s*计|其中)"
NOTE = r"^(注|备注|说明|填表|制表|填报|数据来源|资料来源|审核|联系人|单位[:(]|\*|\d+[.、]\D)"
PAGE = r"^[-—]*第?\d+页|^共\d+页|^PAGE\d"
ALONE = (
    r"[。;:]|表$|\d月|^[一二三四五六七八九十]+、"  # a title or sentence, where nothing else stands in the row
    r"|(商务局|统计局|税务局|财政局|海关|专班|办公室|委员会|人民政府)(\(盖?章\))?$"  # who signs
)
SIGNED = (  # 「填表人：张三」「填报日期：」
    r"^[^:]{0,12}(人|员|电话|手机|日期|时间|单位|部门|审核|复核|审定|制表|填报|填表|编制|负责|来源|领导|科室|签字|盖章|签章|方式):"
)
BESIDE = (  # what follows such a cell in its row: names, dates, telephone numbers, offices
    r"^[一-鿿·]{2,4}$|^[0-9-]{7,}$|^\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?(00:00:00)?$|(局|海关|专班|办公室|政府|委员会|科|章\))$"
)
PLACE = r"^[^:]{1,12}[区县市园](\(.*\))?:?$"  # the name of a unit above the rows of its firms
ORDINAL = (
    r"^\(?([甲乙丙丁戊己庚辛壬癸]|[A-Z]|栏次|\d{1,2})\)?(=[\d+\-*/()]+)?$"  # a row that numbers the columns
)
WITH_CITY_TOTAL = ("firm_month", "county_month", "cbec_month")
SORTS = {
    "row": pl.Int32,
    "blank": pl.Boolean,
    "aside": pl.Boolean,
    "city_total": pl.Boolean,
    "header": pl.Boolean,
}
LABEL_READERS = ("text", "unit", "uscc", "period", "indicator")


def total_name(city: str) -> str:
    """The pattern of what stands where a name should, in a row that is a total. city: its name, spaces apart."""
    spaced = r"\s*".join(city)
    return rf"^\s*其中\s*[:：]|{_WORD}{_REST}|^\s*(全\s*市|{spaced})\s*([(（]{_WORD}[)）])?\s*[:：]?\s*$"


def _total(names: str) -> str:
    return rf"^其中|^共[0-9]+[家户个条笔]|^(?i:(grand)?totals?:?)$|{_city_total(names)}"


def _city_total(names: str) -> str:
    return rf"^({names})?{_WORD}{_REST}|^({names})(\({_WORD}\))?:?$|^共[0-9]+[家户个条笔]"


def sorted_out(rows: pl.DataFrame, layout: Layout, city: Unit) -> pl.DataFrame:
    """For rows (``row``, ``damaged``, c0 …) the columns ``row``, ``blank``, ``aside`` and ``city_total``.

    city: under any of its names a table may put its own total, where its kind has one.
    """
    if not rows.height:
        return pl.DataFrame(schema=SORTS)
    words = rows.select(
        "row", "damaged", *(cells.label(pl.col(name)).alias(name) for name in rows.columns if name[0] == "c")
    )
    raw = [name for name in words.columns if name[0] == "c"]
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name in raw)
    first = pl.coalesce(raw)
    labels = [pl.col(name) for name in _label_cells(words, layout)] + [first]
    has_total = layout.source.kind in WITH_CITY_TOTAL
    spellings = {city.name, "全市", *((city.code, city.short, *city.aliases) if has_total else ())}
    names = "|".join(map(re.escape, sorted(spellings, key=len, reverse=True)))
    total = _any(labels, rf"{total_name(city.name)}|{_total(names)}")
    aside = total | _note(raw, first, filled) | _ordinals(raw, filled) | _header(words, layout)
    if "uscc" in layout.columns:
        aside |= first.str.contains(PLACE).fill_null(False) & (filled == 1)
        aside &= ~_coded(words, layout)
    own_total = _any(labels, _city_total(f"{names}|全部")) & ~_any(labels, _PART) & total
    return words.select(
        "row",
        (filled == 0).alias("blank"),
        _header(words, layout).alias("header"),
        aside.alias("aside"),
        (own_total & aside & pl.lit(has_total) & ~pl.col("damaged")).alias("city_total"),
    )


def _note(raw: list[str], first: pl.Expr, filled: pl.Expr) -> pl.Expr:
    """Titles, remarks, page numbers, and the line of names and dates at a table's foot."""
    note = first.str.contains(NOTE) & (filled <= 2) | first.str.contains(ALONE) & (filled == 1)
    page = first.str.contains(PAGE) & (filled <= 2)
    foot = pl.all_horizontal(
        pl.col(name).str.contains(f"{SIGNED}|{BESIDE}").fill_null(True) for name in raw
    ) & first.str.contains(SIGNED)
    return (note | page | foot).fill_null(False)


def _ordinals(raw: list[str], filled: pl.Expr) -> pl.Expr:
    """A row that numbers the columns: 甲 乙 1 2 3, each once and none left out."""
    bare = [pl.col(name).str.replace_all(r"[()]|=.*", "") for name in raw]
    numbers = [text.cast(pl.Int32, strict=False) for text in bare]
    count = pl.sum_horizontal(number.is_not_null().cast(pl.Int32) for number in numbers)
    least, most = pl.min_horizontal(numbers), pl.max_horizontal(numbers)
    whole = (most - least + 1 == count) & ((least == 1) | (least == filled - count + 1))
    fits = pl.all_horizontal(pl.col(name).str.contains(ORDINAL).fill_null(True) for name in raw)
    return (fits & whole & (count >= 2) & (filled >= 3)).fill_null(False)


def _coded(words: pl.DataFrame, layout: Layout) -> pl.Expr:
    """Whether a firm's code stands in the row: then it is that firm's, whatever its name begins with."""
    cell = pl.col(f"c{layout.columns['uscc']}")
    return cell.str.to_uppercase().str.contains(cells.USCC_FORM).fill_null(False)


def _any(labels: list[pl.Expr], words: str) -> pl.Expr:
    return pl.any_horizontal(label.str.contains(words).fill_null(False) for label in labels)


def _label_cells(words: pl.DataFrame, layout: Layout) -> list[str]:
    columns = layout.source.columns
    places = [i for name, i in layout.columns.items() if columns[name].reader in LABEL_READERS]
    return [f"c{index}" for index in places if f"c{index}" in words.columns]


def _header(words: pl.DataFrame, layout: Layout) -> pl.Expr:
    """Whether every filled cell stands in its own column's header: pages joined, two downloads in one file."""
    placed = [
        (f"c{i}", plain(label))
        for i, label in enumerate(layout.headers)
        if label and f"c{i}" in words.columns
    ]
    same = [pl.lit(label).str.contains(pl.col(name), literal=True).fill_null(True) for name, label in placed]
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int32) for name, _ in placed)
    return pl.all_horizontal(same) & (filled >= min(2, len(placed)))
