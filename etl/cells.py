"""One cell at a time, as people write them: money, dates, periods, codes, names.

Each reader takes a String expression and gives a typed one; what it cannot read becomes null, and
the loader quarantines the row where the cell was not blank. Everything is vectorised polars.
"""

import functools
from collections.abc import Mapping
from decimal import Decimal

import polars as pl
from stdnum.cn import uscc as stdnum_uscc
from stdnum.exceptions import ValidationError

MONEY = pl.Decimal(24, 6)  # yuan
YEARS = (2004, 2039)  # of a plausible date, and of the working-day calendar
BLANKS = ("", "-", "--", "—", "——", "–", "/", "无", "?", "…", "……", "nan", "NaN", "None", "NULL")
MONEY_UNITS: Mapping[str, Decimal] = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
    "亿": Decimal(100_000_000),
}
FOREIGN_UNITS = (
    "美元",
    "万美元",
    "亿美元",
    "千美元",
    "百万美元",
    "USD",
    "万USD",
    "港元",
    "万港元",
    "欧元",
    "万欧元",
)
_GROWTH = r"(增长|上升|提高|下降|减少|降低|回落)"


def tidy(cell: pl.Expr) -> pl.Expr:
    """The cell without what carries no meaning: full-width forms, every kind of space, control characters.

    Null where nothing is left or a dash stands for 'nothing here'.
    """
    ascii_only = cell.str.strip_chars()
    folded = cell.str.normalize("NFKC").str.replace_all(r"[\p{C}\p{Z}]", "").str.replace_all("[−﹣–]", "-")
    needs_folding = cell.str.contains(r"[^\x21-\x7e]")
    text = pl.when(needs_folding).then(folded).otherwise(ascii_only)
    return pl.when(text.is_in(BLANKS)).then(None).otherwise(text)


def text(cell: pl.Expr) -> pl.Expr:
    """A name or free text as the sender wrote it, less outer spaces, line breaks and control characters."""
    clean = cell.str.replace_all(r"[\p{C}]", "").str.strip_chars("  　 \t")
    return pl.when(clean.is_in(BLANKS)).then(None).otherwise(clean)


def money(cell: pl.Expr, factor: Decimal) -> pl.Expr:
    """An amount in yuan; ``factor`` is the yuan in the column's unit, unless the cell names its own.

    Reads 1,234.5 · (5) · －5 · ¥3 · 12.5万元 · 1.2E+5.
    """
    clean = tidy(cell).str.replace_all(r"[,，'¥￥]", "")
    negative = clean.str.contains(r"^\(.+\)$")
    body = clean.str.strip_chars("()")
    parts = body.str.extract_groups(r"^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([一-鿿]*)$")
    number = parts.struct.field("1").cast(pl.Decimal(38, 12), strict=False)
    suffix = parts.struct.field("2")
    stated = suffix.replace_strict(list(MONEY_UNITS), [int(v) for v in MONEY_UNITS.values()], default=None)
    yuan_per_unit = pl.when(suffix == "").then(pl.lit(int(factor))).otherwise(stated)
    yuan = (number * yuan_per_unit.cast(pl.Decimal(12, 0))).cast(MONEY, strict=False)
    return pl.when(negative).then(-yuan).otherwise(yuan)


def plain_money(cell: pl.Expr, factor: Decimal) -> pl.Expr:
    """The fast path of ``money`` for columns in which every cell is plain digits, commas and a point."""
    number = cell.str.replace_all(",", "", literal=True)
    if factor == 1:
        return number.cast(MONEY, strict=False)
    return (number.cast(pl.Decimal(38, 12), strict=False) * pl.lit(int(factor)).cast(pl.Decimal(12, 0))).cast(
        MONEY, strict=False
    )


def number(cell: pl.Expr) -> pl.Expr:
    """A plain number without unit (an exchange rate), exact."""
    return tidy(cell).str.replace_all(",", "", literal=True).cast(MONEY, strict=False)


def growth(cell: pl.Expr) -> pl.Expr:
    """A printed change as a fraction: 12.3 and 12.3% → 0.123, 增长1.5倍 → 1.5, 下降3.2个百分点 → −0.032, 持平 → 0."""
    clean = tidy(cell)
    figure = clean.str.extract(r"([+-]?\d+\.?\d*)").cast(pl.Float64, strict=False)
    sign = pl.when(clean.str.contains("^(下降|减少|降低|回落)")).then(-1.0).otherwise(1.0)
    scale = pl.when(clean.str.contains("倍")).then(1.0).otherwise(0.01)
    known = clean.str.contains(rf"^{_GROWTH}?(约)?[+-]?\d+\.?\d*(%|倍|个?百分点)?$")
    return pl.when(clean == "持平").then(0.0).when(known).then(figure * sign * scale)


def date(cell: pl.Expr) -> pl.Expr:
    """A calendar day: 2024-06-08 · 2024/6/8 · 2024.6.8 · 2024年6月8日 · 20240608 · 45446 (Excel serial)."""
    clean = tidy(cell)
    clock = r"(?:T?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?$"
    parts = clean.str.extract_groups(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?" + clock)
    split = pl.concat_str(
        parts.struct.field("1"),
        parts.struct.field("2").str.zfill(2),
        parts.struct.field("3").str.zfill(2),
        separator="-",
    ).str.to_date("%Y-%m-%d", strict=False)
    packed = clean.str.extract(r"^(\d{8})(?:\.0)?$").str.to_date("%Y%m%d", strict=False)
    serial = clean.str.extract(r"^([3-6]\d{4})(?:\.\d+)?$").cast(pl.Int32, strict=False)
    counted = pl.lit("1899-12-30").str.to_date() + pl.duration(days=serial)
    day = pl.coalesce(split, packed, counted)
    return pl.when(day.dt.year().is_between(*YEARS)).then(day)


def period(cell: pl.Expr) -> pl.Expr:
    """A month as its first day: 202406 · 202406.0 · 2024-06 · 2024年6月 · 2024.6 · a date · 1—2月 (February).

    A bare ``2024.1`` is unread: a spreadsheet shows October and January alike.
    """
    clean = tidy(cell)
    ambiguous = clean.str.contains(r"^\d{4}\.1$")
    parts = clean.str.extract_groups(
        r"^(\d{4})(?:(?:[-/.年](?:\d{1,2}月?[-—~至])?(\d{1,2}))|(\d{2}))(?:\.0|月份?)?$"
    )
    in_year = pl.coalesce(parts.struct.field("2"), parts.struct.field("3")).str.zfill(2)
    month = pl.concat_str(parts.struct.field("1"), in_year, pl.lit("01"), separator="-").str.to_date(
        "%Y-%m-%d", strict=False
    )
    first_day = pl.coalesce(month, date(cell).dt.truncate("1mo"))
    return pl.when(~ambiguous & first_day.dt.year().is_between(*YEARS)).then(first_day)


def months(cell: pl.Expr) -> pl.Expr:
    """How many months a period cell spans: 2 for a combined 1—2月, else 1."""
    combined = tidy(cell).str.contains(r"(^|年|\D)0?1月?[-—~至]0?2月")
    return pl.when(combined).then(2).otherwise(1).cast(pl.Int8)


def uscc(cell: pl.Expr) -> pl.Expr:
    """A 统一社会信用代码 whose check character holds (GB 32100); null for any other.

    An all-digit code ending in 000 is what a spreadsheet leaves of a longer number: lost, so null.
    """
    clean = tidy(cell).str.to_uppercase().str.replace_all(r"[-.·']", "")
    return clean.map_batches(_valid_codes, return_dtype=pl.String)


def _valid_codes(series: pl.Series) -> pl.Series:
    unique = series.drop_nulls().unique()
    valid = [code for code in unique.to_list() if _is_uscc(code)]
    return (
        series.to_frame("code").select(pl.when(pl.col("code").is_in(valid)).then(pl.col("code"))).to_series()
    )


@functools.lru_cache(maxsize=200_000)
def _is_uscc(code: str) -> bool:
    if code.isdigit() and code.endswith("000"):
        return False
    try:
        return stdnum_uscc.validate(code) == code
    except ValidationError:
        return False


def code(cell: pl.Expr, digits: int) -> pl.Expr:
    """A numeric code of fixed length, with the zeros restored that a spreadsheet took: 7020000 → 07020000."""
    clean = tidy(cell).str.extract(r"^(\d+)(?:\.0)?$")
    padded = clean.str.zfill(digits)
    return pl.when(padded.str.len_bytes() == digits).then(padded)


def hs_code(cell: pl.Expr) -> pl.Expr:
    """A commodity code as 8 digits; of a 10-digit one the last two (national) digits fall away."""
    clean = tidy(cell).str.extract(r"^(\d{7,10})(?:\.0)?$")
    even = pl.when(clean.str.len_bytes() % 2 == 1).then(pl.concat_str(pl.lit("0"), clean)).otherwise(clean)
    return even.str.slice(0, 8)


def choice(cell: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    """A word from a closed list; ``words`` maps each accepted spelling to the stored one."""
    return tidy(cell).replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String)
