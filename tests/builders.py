"""Builders of small real files in the layouts of the bureau, written by hand for the tests."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter
from stdnum.cn import uscc

SHARED_REFERENCE = Path(__file__).resolve().parent.parent.parent / "shared" / "cases" / "reference"
GROUPS = ("进出口", "出口", "进口")
FIRM_HEADER = ("企业名称", "统一社会信用代码", "县市区")
Row = Sequence[object]


def code(division: str, number: int, sort: str = "91") -> str:
    """A valid 统一社会信用代码 of that division. sort: 91 for a firm, 11 for a government office."""
    body = f"{sort}{division}MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def write_csv(path: Path, rows: Iterable[Row], encoding: str = "utf-8-sig") -> Path:
    """A CSV file; the encoding as Python names it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_bureau(
    path: Path,
    title: str,
    rows: Iterable[Row],
    leading: Sequence[str] = FIRM_HEADER,
    unit: str | None = "万元",
) -> Path:
    """A bureau table: merged title, 单位 line, two merged header levels, then the rows as given.

    A row is: the leading cells, then 当月, 累计, 同比 for 进出口, 出口, 进口.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        width = len(leading) + 9
        sheet.merge_range(0, 0, 0, width - 1, title)
        if unit:
            sheet.write_string(1, width - 1, f"单位：{unit}")
        for column, name in enumerate(leading):
            sheet.merge_range(2, column, 3, column, name)
        for group, name in enumerate(GROUPS):
            first = len(leading) + 3 * group
            sheet.merge_range(2, first, 2, first + 2, name)
            for offset, label in enumerate(("当月", "累计", "同比%")):
                sheet.write_string(3, first + offset, label)
        for number, row in enumerate(rows, start=4):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    return path


def trade(month_export: float, ytd_export: float, month_import: float, ytd_import: float) -> list[object]:
    """The nine figures of a bureau row from its exports and imports, in the table's unit."""
    return [
        round(month_export + month_import, 6), round(ytd_export + ytd_import, 6), "—",
        month_export, ytd_export, "—", month_import, ytd_import, "—",
    ]  # fmt: skip


def firm_table(
    path: Path, title: str, firms: Iterable[tuple[str, str, str, Row]], unit: str = "万元"
) -> Path:
    """A firm table without a total row; each firm is (name, code, 县市区, the nine figures)."""
    return write_bureau(
        path,
        title,
        [[name, uscc, unit_name, *figures] for name, uscc, unit_name, figures in firms],
        unit=unit,
    )


SMALL_FIRM = ("甲公司", code("431102", 1), "零陵区")


def small_table(path: Path, times: float = 1.0, month: str = "2025年9月") -> Path:
    """A firm table of one row, its figures as usual or some times that."""
    return firm_table(
        path, f"{month}企业进出口情况表", [(*SMALL_FIRM, trade(100 * times, 900 * times, 0, 0))]
    )


REGISTRY_HEADER = (
    "统一社会信用代码", "企业名称", "县市区", "园区", "产业", "集群", "出口退税管理类别", "AEO高级认证", "生效日期",
)  # fmt: skip


def registry(path: Path, rows: Iterable[Row], encoding: str = "utf-8-sig") -> Path:
    """A firm registry."""
    return write_csv(path, [REGISTRY_HEADER, *rows], encoding)


DECLARED_HEADER = (
    "统计年月",
    "进出口标志",
    "统一社会信用代码",
    "企业名称",
    "商品编码",
    "贸易伙伴编码",
    "监管方式编码",
    "人民币值",
    "美元值",
)


def declared(path: Path, rows: Iterable[Row], encoding: str = "gb18030") -> Path:
    """A declarations file; a row is month, flag, code, name, HS, partner, mode, yuan, dollars."""
    return write_csv(path, [DECLARED_HEADER, *rows], encoding)
