"""What a kind of file must hold: each column once, with header, meaning, cell reader and rules.

A source module declares a dataframely schema; the loader maps headers to its columns, reads each
cell with the named reader and lets the schema split good rows from failures. The same declaration
gives the fact table, the template and the words of a quarantine row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import dataframely as dy
import polars as pl

from etl import cells

WORDS = pl.Categories("word", "trade-kpi", pl.UInt32)
WORD = pl.Categorical(WORDS)
NUMBER = pl.Int32()  # of digits alone


@dataclass(frozen=True)
class Column:
    """How a column is found in a file and read.

    header: the main header; aliases: other spellings. required: a file without it is refused.
    reader: the function of etl.cells. unit: the money unit where neither header nor file names one
    (None: it must be stated). words: each spelling of a closed list, in capitals, → the stored word; around:
    what may stand before or after a spelling and says nothing (a pattern). currency: of an amount, ``row``
    where the row says it. digits: of a code; zeros: leading ones that a spreadsheet may have taken.
    example: what the template's example row has there, where its reader's own is none.
    """

    header: str
    reader: str
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = True
    unit: str | None = None
    words: Mapping[str, str] | None = None
    around: str = ""
    currency: str = "CNY"
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
    "unit": "请改为本市县市区的名称。",
    "code": "请核对代码位数。",
    "hs_code": "请填写完整的8位商品编码，如 07020000（只缺开头的0会自动补上，缺其他位的不能补）。",
    "hs_level": "请填写2至10位商品编码，位数须为双数（只缺开头的0会自动补上）。",
    "choice": "请从规定的写法中选择。",
    "category": "请从规定的类别中选择，或在政策目录的 events.toml 里补上这一类。",
    "industry": "请从文件的主导产业中选择，或在政策目录的 industries.toml 里补上这一类。",
    "target": "请写成数字；比率请带百分号，如 10%。",
    "indicator": "请填写指标的名称或代号。",
}


def offered(words: Mapping[str, str]) -> list[str]:
    """A closed list as people are offered it, each stored word in one spelling: 一类 for 一, 美元 for USD."""
    spellings: dict[str, list[str]] = {}
    for spelling, word in words.items():
        spellings.setdefault(word, []).append(spelling)
    return [next((word for word in group if not word.isascii()), group[0]) for group in spellings.values()]


def advice_on(column: Column) -> str:
    """What a sender can do about a cell of the column that could not be read."""
    if column.reader == "choice" and column.words:
        return f"请从这些写法中选择：{'、'.join(offered(column.words))}。"
    return ADVICE[column.reader]


def column(header: str, reader: str, meaning: str, **options: Any) -> dict[str, Any]:
    """Metadata that makes a schema column one that is read from files."""
    return {"column": Column(header, reader, meaning, **options)}


UNIT_ALIASES = (
    "县区",
    "区县",
    "县市区名称",
    "所属县市区",
    "所在县市区",
    "县（市、区）",
    "地区",
    "县市区别",
    "县区别",
    "各县市区",
    "县市",
    "区县市",
    "属地",
    "所属县区",
    "所属区县",
    "所在地",
    "所在县区",
    "报告单位",
    "行政区划",
    "县市区代码",
)
USCC = column(
    "统一社会信用代码",
    "uscc",
    "企业的唯一标识",
    aliases=(
        "信用代码",
        "社会信用代码",
        "企业统一社会信用代码",
        "纳税人识别号",
        "企业代码",
        "社会统一信用代码",
        "统一信用代码",
        "企业信用代码",
        "企业统一信用代码",
        "统一社会信用代码证号",
        "统一社会信用代码号",
        "统一社会信用编码",
        "信用机构代码",
        "纳税人识别码",
        "纳税人编号",
        "经营单位统一社会信用代码",
        "收发货人统一社会信用代码",
        "USCC",
    ),
)
_FIRM_ALIASES = (
    "企业",
    "单位名称",
    "公司名称",
    "纳税人名称",
    "经营单位名称",
    "企业全称",
    "企业名",
    "公司",
    "公司全称",
    "单位全称",
    "名称",
    "经营单位",
    "收发货人",
    "收发货人名称",
    "申报企业",
    "申报单位",
    "申报企业名称",
    "外贸企业名称",
    "出口企业名称",
    "享受企业",
    "受补企业",
    "补助企业",
)
FIRM_NAME = column("企业名称", "text", "企业名称", aliases=_FIRM_ALIASES)
FIRM_NAME_OPTIONAL = column("企业名称", "text", "企业名称", aliases=_FIRM_ALIASES, required=False)
UNIT = column("县市区", "unit", "报告单位代码", aliases=UNIT_ALIASES)
UNIT_OPTIONAL = column("县市区", "unit", "报告单位代码", aliases=UNIT_ALIASES, required=False)


class Row(dy.Schema):
    """Lineage of one accepted row: the file, sheet and row it stands in (row 1 is the first of the sheet)."""

    file_id = dy.Int32(nullable=False)
    sheet: dy.String | dy.Categorical = dy.String(nullable=False)
    row = dy.Int32(nullable=False)


@dataclass(frozen=True)
class Source:
    """A kind of file. grain: what one row is.

    period: ``title`` (one month a table, named above it), ``row`` (a column) or ``none`` (a ledger).
    names_firms: whether a row may be of a single firm, by code, by name or by what only one can be.
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
    names_firms: bool
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
        """The name under which its rows are read."""
        return f"fact_{self.kind}"

    @property
    def stored(self) -> str:
        """The table that its rows are put into and taken from; where words are kept as keys, ``table`` is a view of it."""
        return f"coded_{self.kind}" if self.words else self.table

    @property
    def words(self) -> list[str]:
        """The columns whose texts are kept once in the snapshot."""
        return [name for name, spec in self.schema.columns().items() if spec.dtype == WORD]

    @property
    def numbers(self) -> dict[str, int]:
        """The columns of digits alone that are kept as numbers, and how many digits they have."""
        specs = self.schema.columns()
        return {name: column.digits for name, column in self.columns.items() if specs[name].dtype == NUMBER}

    @property
    def sorts(self) -> dict[str, pl.DataType]:
        """The columns of the stored rows and what they hold."""
        given = {name: spec.dtype for name, spec in self.schema.columns().items()}
        return given | dict.fromkeys(self.words, pl.Int32())

    def placed(self, rows: pl.DataFrame, file_id: int, sheet: str) -> pl.DataFrame:
        """The rows with the file and sheet that they stand in."""
        sort = self.schema.columns()["sheet"].dtype
        return rows.with_columns(file_id=pl.lit(file_id, pl.Int32), sheet=pl.lit(sheet).cast(sort))

    def says(self, column: str, text: str) -> str:
        """The condition that a stored row says a text in a column, both given as SQL."""
        if column in self.words:
            return f"{column} = (select key from word where text = {text})"
        return f"{column} = {text}"

    def readable(self, rows: str, columns: Sequence[str]) -> str:
        """A SELECT of columns of stored rows (a table, or a query in brackets), with texts in place of their keys."""
        texts = (
            "(select list(text order by key) as texts from word) as words"  # keys count from 1 without a gap
        )
        shown = [f'{self._text_of(name)} as "{name}"' for name in columns]
        return f"select {', '.join(shown)} from {rows}{f' cross join {texts}' if self.words else ''}"

    def _text_of(self, column: str) -> str:
        if column in self.words:
            return f'words.texts["{column}"]'
        if column in self.numbers:
            return f"""lpad(cast("{column}" as varchar), {self.numbers[column]}, '0')"""
        return f'"{column}"'


def money(nullable: bool = True, sort: pl.Decimal = cells.MONEY, **options: Any) -> dy.Decimal:
    """A DECIMAL yuan column."""
    return dy.Decimal(sort.precision, sort.scale, nullable=nullable, **options)


def word(nullable: bool = False, **options: Any) -> dy.Categorical:
    """A column of texts that repeat in very many rows: the snapshot keeps each once."""
    return dy.Categorical(WORDS, nullable=nullable, **options)


TRADE = {
    f"{span}_{flow}": (f"{flow_name}{span_name}", f"{flow_name}，{span_name}，人民币元")
    for span, span_name in (("month", "当月"), ("ytd", "累计"))
    for flow, flow_name in (("total", "进出口"), ("export", "出口"), ("import", "进口"))
}


_EXAMPLES = {
    "month_total": "150.75", "month_export": "120.5", "month_import": "30.25",
    "ytd_total": "1250.75", "ytd_export": "1000.5", "ytd_import": "250.25",
}  # fmt: skip


def trade_column(name: str, *, required: bool = False) -> dy.Decimal:
    """One of the 当月/累计 columns of a bureau table, in yuan; the file must state its money unit."""
    header, meaning = TRADE[name]
    return money(metadata=column(header, "money", meaning, required=required, example=_EXAMPLES[name]))


def trade_total() -> pl.Expr:
    """Whether a bureau row has any figure at all."""
    return pl.any_horizontal(pl.col(list(TRADE)).is_not_null())


def spelled(**spellings: str) -> dict[str, str]:
    """A closed list: each stored word with its spellings, separated by spaces → every spelling to its word."""
    return {spelling: word for word, written in spellings.items() for spelling in (word, *written.split())}


FLOWS = {
    spelling: word
    for word, written in (
        ("export", "出口 出 E EXPORT EXP 出口E E出口 E-出口 出口-E E:出口"),
        ("import", "进口 进 I IMPORT IMP 进口I I进口 I-进口 进口-I I:进口"),
    )
    for spelling in written.split()
}
FLOWS_AROUND = r"(货物|贸易|总?额|总值)$"
CLASSES = {f"{word}类": word for word in "一二三四"} | spelled(
    一="1 A I 一级 1级", 二="2 B II 二级 2级", 三="3 C III 三级 3级", 四="4 D IV 四级 4级"
)
# 「第一类出口企业」「1.0」「出口退税一类管理」; 「A级」 is a tax credit rating and no class
CLASSES_AROUND = r"^(出口)?(退税)?(管理)?(类别)?第?|(\.0+)?类?(出口)?(退税)?(管理)?(类别)?(企业)?$"
YES_NO = spelled(
    是="有 Y YES 1 TRUE T √ ✓ ✔ ☑ 对 高级认证 已认证 已通过",
    否="无 非 不是 没有 N NO 0 FALSE F × ✗ ✘ 未认证 未通过 非高级认证 一般认证",
)
YES_NO_AROUND = r"^AEO|(\.0+)?(企业)?$"
