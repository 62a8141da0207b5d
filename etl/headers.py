"""Which rows of a sheet are the header, and which kind of table they announce.

A kind is chosen by how many of its required columns are there: a table of firms without the credit
code is a firm table that lacks a column, never the county table whose columns happen to be there.
"""

import dataclasses
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from etl.alike import alike
from etl.contracts import Column, Source
from etl.errors import FileRefused
from etl.sources import ALL, BY_KIND
from etl.tables import Table
from etl.titles import is_cbec, is_from_january, part_of_trade, plain

MAX_LEVELS = 4
UNIT_ROW = r"[(\[【]?(人民币|单位:?)*([千百]?[万亿]?(元|美元)|%|家|个)(人民币)?[)\]】]?"
LONGEST_LEVEL = 8  # letters of a cell in such a row
LEVEL_ROW = (
    rf"{UNIT_ROW}|(20\d{{2}}年?|[本今当上去]年|[本当上]期|基期)?(\d{{1,2}}月?[-—–~至到])?(\d{{1,2}}月|同期|累计|当月)?"
    r"(金额|数[值额量]?|绝对[值额数量]|总[额值]|[额值]|增减[额量数]?|增量|差额|占比|比重|份额|排名|位次|名次|完成率)?"
    r"(人民币|美元)?(\(.*\))?|.*(同比|环比|增长|增幅|增速|±|\+-).*"
)
UNIT_AT_END = r"(单位)?(([千百]?[万亿]|[千百])(元|美元)|(?<![美港欧日])元)$"  # 「退税额，万元」「退税额元」
ALL_TRADE = ("county_month", "firm_month")  # the kinds whose rows hold all of a unit's or firm's trade
IN_LEVELS = (
    *ALL_TRADE,
    "cbec_month",
)  # the kinds whose columns stand in groups; elsewhere 2008 is a code, no year
FIRM_COLUMN = "(企业|公司|单位)(名称|全称)|信用代码|组织机构代码|海关(注册)?编码"
ENOUGH = 0.5  # of the columns looked for, to say that a file looks like that kind


@dataclass(frozen=True)
class Header:
    """A header found. top: index of its first row in the table's head; depth: its rows; labels: one a column."""

    source: Source
    top: int
    depth: int
    labels: list[str]


@dataclass(frozen=True)
class _Reading:
    """One way to read the first rows: required and all columns found, and required headers missing."""

    header: Header
    required: int
    found: int
    missing: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int, bool, int]:
        return self.required, self.found, not self.missing, -self.header.depth


def find_header(table: Table, kind: str | None) -> Header:
    """The best reading of the first rows; FileRefused where none is whole, naming the columns that are missing."""
    readings = list(_readings(table, kind))
    if not readings:
        if _is_lost(table):
            raise FileRefused(
                f"{_at(table)}里的汉字都成了问号，是导出时选错了编码；请在原系统中重新导出为 .xlsx 或 CSV UTF-8 再发。"
            )
        if bare := _without_span(table):
            raise FileRefused(
                f"{_at(table)}的列「{bare}」没有写明是当月还是累计，请写成「{bare}当月」或「{bare}累计」再发。",
                lacks="kind",
            )
        raise FileRefused(
            f"{_at(table)}认不出表头，{_asked(kind)}请对照模板（trade-kpi template）改列名，或用 --kind 指明种类。",
            lacks="kind",
        )
    best = _with_levels(table, _best(readings))
    if best.missing:
        raise FileRefused(
            f"{_at(table)}像是「{best.header.source.label}」，但缺少列{_lacking(best)}，请补上后再发。"
        )
    if best.header.source.kind == "county_month" and (label := _of_firms(best.header.labels)):
        raise FileRefused(
            f"{_at(table)}有一列「{label}」，像是「{BY_KIND['firm_month'].label}」，"
            "但没有单独的「统一社会信用代码」列，请补上后再发。"
        )
    above = (
        reading for reading in readings if not reading.missing and _ends_above(reading.header, best.header)
    )
    for other in above:
        raise FileRefused(
            f"{_at(table)}在「{best.header.source.label}」的表头上面还有一张「{other.header.source.label}」的表；"
            "一张工作表里请只放一张表，分开后再发。"
        )
    return best.header


def _lacking(reading: _Reading) -> str:
    """The columns that are not there, each with the header that may be it, miswritten."""
    columns = wanted(reading.header.source.kind).values()
    known = spellings_of(reading.header.source.kind)
    missing = [item for item in columns if item[0].header in reading.missing]
    near = {
        alike(plain_label(label), missing): label
        for label in reading.header.labels
        if plain_label(label) not in known
    }
    return "".join(
        f"「{header}」" + (f"（表里的「{near[header]}」可能就是）" if header in near else "")
        for header in reading.missing
    )


def likely_kind(table: Table, kind: str | None) -> str | None:
    """The kind that a table's header announces, be it whole or not; None where it announces none."""
    readings = list(_readings(table, kind))
    return _best(readings).header.source.kind if readings else None


def _best(readings: list[_Reading]) -> _Reading:
    return max(readings, key=lambda reading: reading.rank)


def _with_levels(table: Table, reading: _Reading) -> _Reading:
    """The reading with the rows below that belong to its header: units (万元, %), 本年 beside 上年, 金额 beside 同比.

    Which of the columns of a group is meant only they say; without them last year's may stand first.
    """
    header = reading.header
    end = header.top + header.depth
    words = [plain(cell) for _, cells in table.head[end : end + 1] for cell in cells if cell.strip()]
    grouped = header.source.kind in IN_LEVELS
    if not words or not all(_is_level(word, grouped) for word in words):
        return reading
    written = labels_of([cells for _, cells in table.head[header.top : end + 1]])
    titles = [*titles_above(table, header.top), table.sheet]
    labels = _spoken(written, header.source, any(map(is_from_january, titles)))
    deeper = dataclasses.replace(header, depth=header.depth + 1, labels=labels)
    return _with_levels(table, _match(deeper))


def _is_level(word: str, grouped: bool) -> bool:
    """Whether a cell below a header is of its lowest level: a unit, or in a table of groups what tells its columns apart."""
    return bool(re.fullmatch(UNIT_ROW, word)) or (
        grouped and len(word) <= LONGEST_LEVEL and bool(re.fullmatch(LEVEL_ROW, word))
    )


def _ends_above(one: Header, other: Header) -> bool:
    """Whether rows stand between the two headers, so that each has a table of its own."""
    return one.top + one.depth < other.top


def _asked(kind: str | None) -> str:
    """What a file of the kind that the user says would have to have."""
    if kind is None:
        return ""
    needed = [column.header for column, _ in wanted(kind).values() if column.required]
    return f"没有「{BY_KIND[kind].label}」应有的列「{'」「'.join(needed)}」，"


def _readings(table: Table, kind: str | None) -> Iterator[_Reading]:
    for top in (index for index, (_, cells) in enumerate(table.head) if any(map(_is_telling, cells))):
        titles = [*titles_above(table, top), table.sheet]
        cbec, cumulative = is_cbec(part_of_trade(titles)), any(map(is_from_january, titles))
        sources = [source for source in ALL if kind in (None, source.kind)]
        if cbec and kind is None:
            sources = [source for source in sources if source.kind not in ALL_TRADE]
        for depth in range(1, min(MAX_LEVELS, len(table.head) - top) + 1):
            written = labels_of([cells for _, cells in table.head[top : top + depth]])
            known = not _plain_labels(tuple(written)).isdisjoint(_spellings())
            for source in sources:
                if not known and source.kind not in ALL_TRADE:  # only these may take 出口 alone for a column
                    continue
                labels = _spoken(written, source, cumulative)
                reading = _match(Header(source, top, depth, labels))
                likely = reading.found >= ENOUGH * (reading.found + len(reading.missing))
                if reading.found and (kind or (reading.found > 1 and likely and _identified(reading, cbec))):
                    yield reading


def titles_above(table: Table, top: int) -> list[str]:
    """What stands over a header that begins in that row of the head."""
    return [cell for _, cells in table.head[:top] for cell in cells if cell]


def _of_firms(labels: list[str]) -> str:
    """The column that makes a table one of firms, under whatever header; "" for none."""
    return next((label for label in map(plain, labels) if re.search(FIRM_COLUMN, label)), "")


def _is_lost(table: Table) -> bool:
    """Whether the words of a table are nothing but question marks, as an encoding without Chinese leaves them."""
    words = [cell for _, cells in table.head for cell in cells if re.search(r"[^\W\d_]|\?", cell)]
    return (
        bool(words)
        and sum("??" in word and not re.search("[一-鿿]", word) for word in words) > len(words) / 2
    )


def _without_span(table: Table) -> str:
    """The first of two or more columns of trade, in the row of one, that say neither 当月 nor 累计; "" for none."""
    for _, cells in table.head:
        flows = [flow[0] for cell in cells if (flow := _bare_flow(cell))]
        if len(set(flows)) > 1:
            return flows[0]
    return ""


def _bare_flow(label: str) -> re.Match[str] | None:
    """The flow that a header consists of, 「出口总额」, where it says nothing else."""
    return FLOW.fullmatch(re.sub(FILLER, "", plain_label(label))) if label else None


def _spoken(labels: list[str], source: Source, cumulative: bool) -> list[str]:
    """The headers, 出口 alone as its 累计 where a title names 1—5月 (``cumulative``) and none says 当月 or 累计."""
    if not cumulative or source.kind not in ALL_TRADE or any(map(_says_span, labels)):
        return labels
    return [f"{label}累计" if _bare_flow(label) else label for label in labels]


@functools.lru_cache(maxsize=4096)
def _says_span(label: str) -> bool:
    """Whether a header says 当月 or 累计, in whatever words."""
    return _has_letters(label) and bool(re.search(f"{YTD}|{MONTH}", plain(label)))


@functools.lru_cache(maxsize=4096)
def _is_telling(cell: str) -> bool:
    """Whether a cell could stand in the first row of a header; nearly all rows of data have none such."""
    return _has_letters(cell) and (
        plain_label(cell) in _spellings() or bool(re.search("出口|进口|当月|累计", cell))
    )


@functools.cache
def _spellings() -> frozenset[str]:
    """Every header that some kind knows."""
    return frozenset(word for kind in BY_KIND for _, words in wanted(kind).values() for word in words)


def _match(header: Header) -> _Reading:
    columns, present = wanted(header.source.kind).values(), _present(header)
    found = [column for column, spellings in columns if not present.isdisjoint(spellings)]
    missing = [c.header for c, spellings in columns if c.required and present.isdisjoint(spellings)]
    return _Reading(header, sum(column.required for column in found), len(found), tuple(missing))


def _identified(reading: _Reading, cbec: bool) -> bool:
    """Whether the headers are of that kind and no other. cbec: whether a title says that it is e-commerce."""
    source, present = reading.header.source, _present(reading.header)
    named = all(not present.isdisjoint(group) for group in source.identified_by)
    return named or (cbec and source.kind == "cbec_month")


def _present(header: Header) -> frozenset[str]:
    return _plain_labels(tuple(header.labels))


@functools.lru_cache(maxsize=64)
def _plain_labels(labels: tuple[str, ...]) -> frozenset[str]:
    """Those that may be headers. Asked for each kind of table in turn: the same for all."""
    return frozenset(plain_label(label) for label in labels if _has_letters(label))


def _has_letters(text: str) -> bool:
    """Whether it may be a header; most cells of data are figures."""
    return bool(re.search(r"[^\W\d_]", text))


def labels_of(levels: list[list[str]]) -> list[str]:
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


@functools.cache
def wanted(kind: str) -> dict[str, tuple[Column, tuple[str, ...]]]:
    """The columns of a kind with the spellings that name them, the main one first."""
    return {
        name: (column, tuple(plain_label(word) for word in (column.header, *column.aliases)))
        for name, column in BY_KIND[kind].columns.items()
    }


@functools.cache
def spellings_of(kind: str) -> frozenset[str]:
    """All spellings that name a column of a kind."""
    return frozenset(spelling for _, spellings in wanted(kind).values() for spelling in spellings)


@functools.lru_cache(maxsize=4096)
def plain_label(label: str) -> str:
    """A header without spaces, line breaks, bracketed remarks, numbering and unit, its trade words in one order."""
    text = re.sub(r"[*:?]|_x000[AD]_", "", plain(label[:200])).upper()
    bare = re.sub(r"[(\[【〔<《](.*?)[)\]】〕>》]", _telling, text) or text
    unnumbered = re.sub(r"^\d{1,2}[.、]?(?=[一-鿿])(?!月|年|至)", "", bare)
    return _trade_words((re.sub(UNIT_AT_END, "", unnumbered) or unnumbered).strip("-—_/.,;、|"))


def _telling(bracket: re.Match[str]) -> str:
    """What a bracket says of flow or span (「出口（当月）」); remarks and units are left out."""
    inner = bracket[1]
    spoken = re.search(f"{YTD}|{MONTH}|{FLOW.pattern}", inner)
    return inner if spoken and not re.sub(f"{FILLER}|{FLOW.pattern}", "", inner) else ""


FLOW = re.compile("进出口|出口|进口")
YTD = r"累计|\d+月?[-—–~至到、]+\d+月|年初至|今年以来|YTD"
MONTH = r"当月|本月|单月|(?<!\d)\d{1,2}月"
GROWTH = "同比|增长|增幅|增速|±|\\+-|比上年|较上年|比去年|占比|比重"
FILLER = (
    r"自?年初(至今|至本月)?|今年以来|截至?|本年度?|今年|本期|累计|当月|本月|单月|YTD|\d|[-—–~至到、/_.,;|]|年|月|份|底|末|止"
    r"|总值|总额|金额|数额|额|值|数|情况|完成|实绩|统计|海关|外贸|货物|其中|#|人民币|RMB|CNY|单位|[千百]?[万亿]?元|[万亿]$"
)


def _trade_words(text: str) -> str:
    """「本月出口额」「2025年1-9月出口」「进出口|当月」 → 「出口当月」「出口累计」「进出口当月」; others unchanged.

    Of a group within a group the inner flow counts: 「进出口情况|出口|累计」 is 出口累计.
    """
    flows = FLOW.findall(text)
    if not flows:
        return text
    flow = flows[-1]
    if any(outer not in ("进出口", flow) for outer in flows):
        return text
    rest = FLOW.sub("", text)
    span = "累计" if re.search(YTD, rest) else "当月" if re.search(MONTH, rest) else None
    if re.search(GROWTH, rest):
        return f"{flow}{span or ''}同比"
    return f"{flow}{span}" if span and not re.sub(FILLER, "", rest) else text


def _at(table: Table) -> str:
    return f"工作表「{table.sheet}」" if table.sheet else "文件"
