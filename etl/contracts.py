"""What a kind of file must hold: each column once, with header, meaning, cell reader and rules.

A source module declares a dataframely schema; the loader maps headers to its columns, reads each
cell with the named reader and lets the schema split good rows from failures. The same declaration
gives the fact table, the template and the words of a quarantine row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import dataframely as dy
import polars as pl

from etl import cells


@dataclass(frozen=True)
class Column:
    """How a column is found in a file and read.

    header: the main header; aliases: other spellings. required: a file without it is refused.
    reader: the function of etl.cells. unit: the money unit where neither header nor file names one
    (None: it must be stated). digits: of a code; zeros: leading ones that a spreadsheet may have taken.
    advice: what to do about a cell that cannot be read.
    """

    header: str
    reader: str
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = True
    unit: str | None = None
    words: Mapping[str, str] | None = None
    digits: int = 0
    zeros: int = 0
    example: str = ""


ADVICE = {
    "text": "请填写文字。",
    "money": "请改为数字，单位与表头一致。",
    "number": "请改为数字。",
    "growth": "请改为百分数或「增长1.5倍」之类的写法。",
    "date": "请改为 2024-06-08 这样的日期。",
    "period": "请改为 202406 这样的月份。",
    "uscc": "请核对18位统一社会信用代码（校验位须正确，勿让表格软件转成数字）。",
    "unit": "请改为永州市的县市区名称。",
    "code": "请核对代码位数。",
    "hs_code": "请填写8位商品编码。",
    "hs_level": "请填写2至10位商品编码。",
    "choice": "请从规定的写法中选择。",
    "target": "请写成数字；比率请带百分号，如 10%。",
    "indicator": "请填写指标的名称或代号。",
}


def column(header: str, reader: str, meaning: str, **options: Any) -> dict[str, Any]:
    """Metadata that makes a schema column one that is read from files."""
    return {"column": Column(header, reader, meaning, **options)}


UNIT_ALIASES = ("县区", "区县", "县市区名称", "所属县市区", "所在县市区", "县（市、区）", "地区")
USCC = column(
    "统一社会信用代码",
    "uscc",
    "企业的唯一标识",
    aliases=("信用代码", "社会信用代码", "企业统一社会信用代码", "纳税人识别号", "企业代码"),
)
_FIRM_ALIASES = ("企业", "单位名称", "公司名称", "纳税人名称", "经营单位名称")
FIRM_NAME = column("企业名称", "text", "企业名称", aliases=_FIRM_ALIASES)
FIRM_NAME_OPTIONAL = column("企业名称", "text", "企业名称", aliases=_FIRM_ALIASES, required=False)
UNIT = column("县市区", "unit", "报告单位代码", aliases=UNIT_ALIASES)
UNIT_OPTIONAL = column("县市区", "unit", "报告单位代码", aliases=UNIT_ALIASES, required=False)


class Row(dy.Schema):
    """Lineage of one accepted row: the file, sheet and row it stands in (row 1 is the first of the sheet)."""

    file_id = dy.Int32(nullable=False)
    sheet = dy.String(nullable=False)
    row = dy.Int32(nullable=False)


@dataclass(frozen=True)
class Source:
    """A kind of file. grain: what one row is.

    period: ``title`` (one month a table, named above it), ``row`` (a column) or ``none`` (a ledger).
    key: columns by which a newer file of a ledger replaces single rows.
    flow: whether a table holds both directions or needs to be told its one.
    rules: schema rule → (header it concerns, what to do).
    identified_by: groups of headers; without one of each group a file is not of this kind.
    copies: ``skip`` where a row is one of a kind, so that an exact copy of it is a slip of whoever joined files.
    """

    kind: str
    label: str
    grain: str
    schema: type[dy.Schema]
    period: Literal["title", "row", "none"]
    key: tuple[str, ...] = ()
    one_flow: bool = False
    rules: Mapping[str, tuple[str, str]] | None = None
    identified_by: tuple[tuple[str, ...], ...] = ()
    copies: Literal["keep", "skip"] = "keep"

    @property
    def columns(self) -> dict[str, Column]:
        """The columns that are read from files, by name."""
        return {
            name: spec.metadata["column"]
            for name, spec in self.schema.columns().items()
            if spec.metadata and "column" in spec.metadata
        }

    @property
    def table(self) -> str:
        """The fact table's name."""
        return f"fact_{self.kind}"


def money(nullable: bool = True, **options: Any) -> dy.Decimal:
    """A DECIMAL yuan column."""
    return dy.Decimal(cells.MONEY.precision, cells.MONEY.scale, nullable=nullable, **options)


TRADE = {
    f"{span}_{flow}": (f"{flow_name}{span_name}", f"{flow_name}，{span_name}，人民币元")
    for span, span_name in (("month", "当月"), ("ytd", "累计"))
    for flow, flow_name in (("total", "进出口"), ("export", "出口"), ("import", "进口"))
}


def trade_column(name: str, *, required: bool = False) -> dy.Decimal:
    """One of the 当月/累计 columns of a bureau table, in yuan; the file must state its money unit."""
    header, meaning = TRADE[name]
    return money(metadata=column(header, "money", meaning, required=required))


def trade_total() -> pl.Expr:
    """Whether a bureau row has any figure at all."""
    return pl.any_horizontal(pl.col(list(TRADE)).is_not_null())


FLOWS = {
    "出口": "export", "进口": "import", "E": "export", "I": "import", "e": "export", "i": "import",
    "EXPORT": "export", "IMPORT": "import", "export": "export", "import": "import",
}  # fmt: skip
CLASSES = {
    spelling: word
    for word, digit, letter in (("一", "1", "A"), ("二", "2", "B"), ("三", "3", "C"), ("四", "4", "D"))
    for spelling in (
        word,
        f"{word}类",
        digit,
        f"{digit}类",
        letter,
        f"{letter}类",
        f"{digit}.0",
        f"{word}类企业",
    )
}
YES_NO = {
    "是": "是",
    "否": "否",
    "有": "是",
    "Y": "是",
    "N": "否",
    "1": "是",
    "0": "否",
    "true": "是",
    "false": "否",
}
INDUSTRIES = {
    **{word: word for word in ("农产品", "机电产品", "轻工产品", "其他")},
    "机电": "机电产品", "轻工": "轻工产品", "农业": "农产品",
}  # fmt: skip
