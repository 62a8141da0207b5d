"""Columns of a table that are not read, told to its sender: a slip in a header loses a column without a trace.

What stands in such tables anyway and says nothing to this product (序号, 备注, 同比, last year's figures) is passed
over; a header that is all but a column which the table lacks is told with the name of that column.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from etl.alike import alike
from etl.headers import GROWTH, plain_label, spellings_of, wanted
from etl.layout import Layout
from etl.tables import Table

NOT_READ = "没有读取"  # in every note about what was left aside, by which 数据质量 finds them
NAMED = 8
IGNORED = re.compile(
    r"(序号|行号|项次|备注|说明|排名|排序|位次|名次|经办人|填报人|填表人|审核人|联系人|法人|法定代表人|联系方式|(联系)?电话|手机号?码?"
    r"|(企业|单位|公司|注册|经营|详细)?地址|邮箱|开户行|开户银行|(银行)?账号"
    r"|(商品|货品|规格|国别|地区|国家|贸易|监管|海关|口岸).*名称|(法定|第[一二])?(数量|计量单位)"
    rf"|.*(上年|去年|上月|上期|同期|环比|{GROWTH}).*)"
)


@dataclass(frozen=True)
class _Column:
    """One column left aside. place: its letter; likely: the column of the kind that it all but names, "" for none."""

    place: str
    header: str
    likely: str


def remarks(tables: Iterable[tuple[Table, Layout]]) -> list[str]:
    """A note for each set of columns that is left aside, with the sheets that have it."""
    sheets: dict[tuple[_Column, ...], list[str]] = {}
    for table, layout in tables:
        if columns := tuple(_left_aside(table, layout)):
            sheets.setdefault(columns, []).append(table.sheet)
    return [_note(names, columns) for columns, names in sheets.items()]


def _left_aside(table: Table, layout: Layout) -> Iterator[_Column]:
    columns = wanted(layout.source.kind)
    missing = [item for name, item in columns.items() if name not in layout.columns]
    known = spellings_of(layout.source.kind)
    for index, label in enumerate(layout.headers):
        plain = plain_label(label)
        if index in layout.columns.values() or plain in known or not plain:
            continue
        likely = alike(plain, missing)
        if likely or not IGNORED.fullmatch(plain):
            yield _Column(xl_col_to_name(table.left + index), re.sub(r"\s+", "", label), likely)


def _note(sheets: Sequence[str], columns: Sequence[_Column]) -> str:
    where = "".join(f"「{name}」" for name in sheets[:NAMED] if name)
    told = sorted(columns, key=lambda column: not column.likely)[:NAMED]
    names = "、".join(
        f"{item.place}列「{item.header[:20]}」" + (f"（可能是「{item.likely}」）" if item.likely else "")
        for item in told
    )
    more = f"等 {len(columns)} 列" if len(columns) > NAMED else ""
    advice = "，如是写错的列名请改正后再发" if any(item.likely for item in columns) else ""
    return f"{'工作表' if where else ''}{where}{names}{more}{NOT_READ}{advice}".replace("；", ";")
