"""What a fault file is and what must become of it, and the ordinary tables that the faults are put into."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builders import DECLARED_HEADER, code

from etl.layout import Hints

Cells = Sequence[object]
NO_HINTS = Hints()

A, B, C = code("431102", 1), code("431103", 2), code("431122", 3)
DECLARED = DECLARED_HEADER
CUSTOMS = (
    "数据年月",
    "贸易伙伴编码",
    "贸易伙伴名称",
    "商品编码",
    "商品名称",
    "第一数量",
    "第一计量单位",
    "第二数量",
    "第二计量单位",
    "人民币",
)
UPPER = (
    "企业名称",
    "统一社会信用代码",
    "县市区",
    "进出口",
    None,
    None,
    "出口",
    None,
    None,
    "进口",
    None,
    None,
)
LOWER = (None, None, None, *("当月", "累计", "同比%") * 3)
COUNTY_UPPER, COUNTY_LOWER = UPPER[2:], LOWER[2:]
FLAT = (
    "企业名称",
    "统一社会信用代码",
    "县市区",
    "进出口当月",
    "进出口累计",
    "出口当月",
    "出口累计",
    "进口当月",
    "进口累计",
)


@dataclass(frozen=True)
class Case:
    """One file and its fate.

    counts: rows read, accepted, quarantined, skipped. values: what a query on the facts gives, in row
    order. faults: (row, header, rule) of the quarantine. notes: parts of what the sender is told.
    refused: parts of the sentence, where the file is refused whole.
    """

    id: str
    name: str
    content: bytes
    hints: Hints = NO_HINTS
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    select: str = ""
    values: Sequence[object] = ()
    faults: Sequence[tuple[int, str, str]] = ()
    notes: Sequence[str] = ()
    refused: Sequence[str] = ()


def text(
    rows: Iterable[Cells], quoting: int = csv.QUOTE_MINIMAL, end: str = "\r\n", delimiter: str = ","
) -> str:
    """Delimited text as a spreadsheet writes it; None is an empty cell."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end, quoting=quoting, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


def declared(*changes: dict[str, object], header: Cells = DECLARED) -> list[Cells]:
    """A declarations table: the header and one row for each dict of what differs from an ordinary row."""
    ordinary = dict(
        zip(DECLARED, ("202409", "出口", A, "甲公司", "07032010", "110", "0110", "1000", "140"), strict=True)
    )
    return [header, *([(ordinary | change).get(name) for name in header] for change in changes)]


def customs(*changes: dict[str, object], header: Cells = CUSTOMS) -> list[Cells]:
    """Rows of the customs online query, each line with one more empty cell at its end."""
    ordinary = dict(
        zip(
            CUSTOMS,
            ("202401", "502", "美国", "12019011", "黄大豆", "20479", "千克", "0", "?", "184,990"),
            strict=True,
        )
    )
    rows = [header, *([(ordinary | change).get(name) for name in header] for change in changes)]
    return [[*row, ""] for row in rows]


def customs_text(*changes: dict[str, object], header: Cells = CUSTOMS) -> str:
    """The same as the customs site writes it: every field quoted but the last empty one."""
    lines = (",".join(f'"{cell}"' for cell in row[:-1]) + ",\r\n" for row in customs(*changes, header=header))
    return "".join(lines)


def figures(
    ytd_export: object, ytd_import: object = 0, month_export: object = 1, month_import: object = 0
) -> list[object]:
    """The nine figures of a bureau row; the sums of both flows are left blank."""
    return [None, None, None, month_export, ytd_export, "—", month_import, ytd_import, "—"]


def bureau(
    *rows: Cells,
    title: str | None = "2025年9月企业进出口情况表",
    unit: str | None = "单位：万元",
    upper: Cells = UPPER,
    lower: Cells = LOWER,
) -> list[Cells]:
    """A bureau table with two header levels; the rows as given."""
    above = [[title]] if title else []
    line = [[None] * 11 + [unit]] if unit else []
    return [*above, *line, upper, lower, *rows]


def firm(
    ytd_export: object, uscc: object = A, name: object = "甲公司", unit: object = "零陵区", **more: object
) -> list[object]:
    return [name, uscc, unit, *figures(ytd_export, **more)]
