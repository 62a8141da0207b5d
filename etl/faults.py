"""What is wrong with a row, cell by cell, and what its sender can do about it."""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from etl import cells
from etl.contracts import advice_on
from etl.layout import Layout
from etl.tables import (
    BAD_BYTE,
    BAD_QUOTES,
    CELL_ERROR,
    CELL_MARKS,
    CUT,
    LOST_DIGITS,
    MARK,
    MARK_PATTERN,
    NO_RESULT,
    TOO_WIDE,
)

UNREADABLE, MISSING, MONTH_TAKEN = "unreadable", "missing", "month_taken"
TOO_LARGE = "太大，不像是一行的数，请核对位数和单位。"  # of a number that is well written
LEFT_OVER = "原行内容"  # where the part of a row is kept that stands in no column that is read
COLUMNS = {
    "row": pl.Int32,
    "header": pl.String,
    "column_name": pl.String,
    "value": pl.String,
    "rule": pl.String,
    "advice": pl.String,
}
MARKS = {  # sort → rule, whether one cell or the whole row is meant, advice
    BAD_BYTE: ("bad_bytes", True, "「{label}」有不能解码的字节{where}，请在原系统中重新导出本行。"),
    BAD_QUOTES: ("bad_quotes", False, "本行的引号不成对，请核对后重新导出本行。"),
    TOO_WIDE: ("ragged", False, "本行的列数多于表头，请核对分隔符和引号。"),
    CUT: ("ragged", False, "本行没有写完，文件在这里中断，请重新导出完整的文件。"),
    NO_RESULT: ("no_result", True, "「{label}」的公式没有计算结果，请用表格软件打开并保存一次，或改为数值。"),
    CELL_ERROR: ("cell_error", True, "「{label}」是错误值，请改为正确的内容。"),
    LOST_DIGITS: (
        UNREADABLE,
        True,
        "「{label}」的数字超过15位，后面的已被表格软件改成0，请设为文本格式后重新填写。",
    ),
}

RULES = {  # what each rule is called, those of the schemas too
    UNREADABLE: "无法识别",
    MISSING: "缺必填项",
    MONTH_TAKEN: "月份属于其他文件",
    "ragged": "列数不符",
    "bad_bytes": "字节损坏",
    "bad_quotes": "引号不成对",
    "no_result": "公式没有结果",
    "cell_error": "单元格是错误值",
    "has_figures": "没有金额",
    "has_value": "没有金额",
    "rate_stated": "缺折算汇率",
    "rate_of_one_dollar": "汇率口径不符",
    "completed_after_accepted": "办结早于受理",
}


def fault_table(faults: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All faults in one frame of COLUMNS, one row a faulty cell.

    header: the kind's main header of the column, LEFT_OVER for what stands in none, empty for the whole row;
    column_name: the header as the file has it.
    """
    return pl.concat([pl.DataFrame(schema=COLUMNS), *faults])


def unreadable(rows: pl.DataFrame, unread: Mapping[str, pl.Series], layout: Layout) -> Iterator[pl.DataFrame]:
    """Filled cells that their reader could not read; ``unread`` holds the row numbers by column."""
    for name, numbers in unread.items():
        label = layout.labels[name]
        column = layout.source.columns[name]
        told = pl.lit(f"「{label}」无法识别，{advice_on(column)}")
        found = rows.filter(pl.col("row").is_in(numbers.implode()))
        place = f"c{layout.columns[name]}"
        if column.reader in ("money", "number") and column.currency != "row":  # else that may be at fault
            large = cells.tidy(pl.col(place)).str.contains(cells.WRITTEN_NUMBER)
            told = pl.when(large).then(pl.lit(f"「{label}」的数{TOO_LARGE}")).otherwise(told)
        yield _faults(found, place, column.header, label, UNREADABLE, told)


def ragged(rows: pl.DataFrame, layout: Layout) -> Iterator[pl.DataFrame]:
    """Cells that stand beyond the last header."""
    rule, _, advice = MARKS[TOO_WIDE]
    for name in beyond(rows, layout):
        found = rows.filter(pl.col(name).str.strip_chars() != "")
        yield _faults(found, name, LEFT_OVER, "", rule, pl.lit(advice))


def beyond(rows: pl.DataFrame, layout: Layout) -> list[str]:
    """The columns of a frame to the right of the header."""
    return _raw(rows)[len(layout.headers) :]


def harmed(rows: pl.DataFrame, layout: Layout) -> pl.Series:
    """Which rows have damage that counts: in a cell that is read, or to the row as such.

    An error value in a column that nobody reads (同比 over a base of zero) harms nothing.
    """
    if not rows["damaged"].any():
        return rows["damaged"]
    return rows.select(pl.any_horizontal(_harm(name, layout) for name in _raw(rows))).to_series()


def marked(rows: pl.DataFrame, layout: Layout) -> Iterator[pl.DataFrame]:
    """Cells with a mark of damage; a character that some other system had already lost is a bad byte too."""
    columns = layout.source.columns
    headers = {index: columns[name].header for name, index in layout.columns.items()}
    for index, name in enumerate(_raw(rows)):
        found = rows.filter(_harm(name, layout))
        sorts = found.select(pl.col(name).str.extract(MARK_PATTERN, 1).fill_null(BAD_BYTE)).to_series()
        label = layout.headers[index] if index < len(layout.headers) else ""
        for sort in sorts.unique(maintain_order=True):
            rule, one_cell, advice = MARKS[sort]
            before, _, after = advice.format(label=label, where=MARK).partition(MARK)
            where = pl.format("（文件的第{}字节）", pl.col(name).str.extract(rf"{MARK}b(\d+){MARK}"))
            told = pl.concat_str(pl.lit(before), where, pl.lit(after), ignore_nulls=True)
            header = headers.get(index, LEFT_OVER) if one_cell else LEFT_OVER
            yield _faults(found.filter(sorts == sort), name, header, label if one_cell else "", rule, told)


def _harm(name: str, layout: Layout) -> pl.Expr:
    cell = pl.col(name)
    if name not in {f"c{index}" for index in layout.columns.values()}:
        cell = cell.str.replace_all(CELL_MARKS, "")
    return cell.str.contains(MARK, literal=True).fill_null(False)


def _raw(rows: pl.DataFrame) -> list[str]:
    return [name for name in rows.columns if name[0] == "c"]


def broken(
    failed: pl.DataFrame, rows: pl.DataFrame, layout: Layout, own: Mapping[str, tuple[str, str]]
) -> Iterator[pl.DataFrame]:
    """Rows that break a rule of the schema; ``failed`` has a column of verdicts for each rule."""
    verdicts = pl.Enum(["valid", "invalid", "unknown"])
    for rule in (name for name, dtype in failed.schema.items() if dtype == verdicts):
        numbers = failed.filter(pl.col(rule) == "invalid")["row"]
        found = rows.filter(pl.col("row").is_in(numbers.implode()))
        if found.height:
            name, label, kind, advice = _told(rule, layout, own)
            place = f"c{layout.columns[name]}" if name in layout.columns else None
            columns = layout.source.columns
            header = columns[name].header if name in columns else ""
            yield _faults(found, place, header, label, kind, pl.lit(advice))


def _told(rule: str, layout: Layout, own: Mapping[str, tuple[str, str]]) -> tuple[str, str, str, str]:
    """A schema rule as (column, its header, rule, advice); ``column|check`` is a cell that must not be blank."""
    name, _, check = rule.partition("|")
    columns = layout.source.columns
    if check:
        header = columns[name].header if name in columns else name
        label = layout.labels.get(name, header)
        told = advice_on(columns[name]) if name in columns else "请补上。"
        return name, label, MISSING, f"「{label}」是必填项，{told}"
    header, advice = own[rule]
    name = next((column for column, spec in columns.items() if spec.header == header), "")
    return name, layout.labels.get(name, header), rule, advice


def _faults(
    rows: pl.DataFrame, place: str | None, header: str, label: str, rule: str, advice: pl.Expr
) -> pl.DataFrame:
    shown = pl.col(place) if place in rows.columns else pl.lit("")
    value = shown.fill_null("").str.replace_all(rf"{MARK}b[^{MARK}]*{MARK}", "\u25a1")
    return rows.select(
        "row",
        pl.lit(header).alias("header"),
        pl.lit(label).alias("column_name"),
        value.str.replace_all(MARK_PATTERN, "$2").alias("value"),
        pl.lit(rule).alias("rule"),
        advice.alias("advice"),
    )
