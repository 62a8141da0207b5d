"""One cell at a time, as people write them: money, dates, periods, codes, names.

Each reader takes a String expression and gives a typed one; what it cannot read becomes null, and
the loader quarantines the row where the cell was not blank. Everything is vectorised polars; the
loader hands over distinct cells, so a reader may be thorough.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import polars as pl

from etl.buffers import column_of
from etl.tables import DAY_ZERO

MONEY = pl.Decimal(24, 6)  # yuan
MONEY_OF_ONE = pl.Decimal(18, 6)  # of one record among very many, below 10¹²: 64 bits in DuckDB
_WIDE = pl.Decimal(38, 12)
YEARS = (2004, 2039)  # of a plausible date, and of the working-day calendar
BLANKS = (
    "",
    "-",
    "--",
    "—",
    "——",
    "―",
    "–",
    "/",
    "无",
    "?",
    "…",
    "……",
    "...",
    "......",
    "nan",
    "NaN",
    "None",
    "NULL",
)
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
CURRENCY_SIGNS = {"CNY": "(?i)人民币|RMB|CNY|¥", "USD": r"(?i)美元|美金|USD|US\$|\$"}
FOREIGN_UNITS = tuple(
    f"{size}{currency}"
    for currency in ("美元", "USD", "港元", "欧元", "日元")
    for size in ("", "千", "万", "百万", "亿")
)
# how exports keep a spreadsheet from turning a code into a number: ="0110", '0110
AS_TEXT = r"""^(?:="([^"]*)"|['‘’`]([^'‘’`]*))$"""
UNCLEAN = r"""[\p{Cc}\p{Cf}]|^[\s='‘’`]|\s$"""  # what a text may have to be cleaned of
_NO_TEXT = rf"^(?:{'|'.join(map(re.escape, BLANKS))})$"
IN_POWERS = (
    r"^\d(?:\.\d+)?[eE]\+\d+$"  # of a long number that was shown as 4.31102E+17: it names nothing any more
)
COMBINED_MONTHS = r"^((?:20)?[0-9]{2})年0?1月?[-—~至到、和,&+]+0?2月份?$"
_HALF = "(?i:[上下]午|[AP]M)"
_WEEKDAY = r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?"
_CLOCK = rf"{_HALF}?[0-9]{{1,2}}[:时][0-9]{{2}}(?:[:分](?:[0-9]{{2}}秒?(?:\.[0-9]+)?)?)?{_HALF}?(?:\+08:?00)?"
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # in the order of their values
_USCC_VALUES = bytes(max(0, USCC_CHARACTERS.find(chr(byte))) for byte in range(256))
_USCC_WEIGHTS = np.array([*(3**place % 31 for place in range(17)), 1], np.float32)  # sums stay below 2**24
USCC_FORM = r"^[0-9]{8}[0-9A-HJ-NP-RTUWXY]{10}$"
_LARGEST = 10**16  # whatever is larger is no amount, and would overflow when it is multiplied
_DIGITS = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?"
WRITTEN_NUMBER = rf"^-?{_DIGITS}$"  # of any length: nothing is wrong with how it is written
PLAIN_NUMBER = r"^-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{0,20})?$"


def tidy(cell: pl.Expr) -> pl.Expr:
    """The cell without what carries no meaning: full-width forms, every kind of space, control characters.

    A line break within the cell stays, so that two figures one above the other never become one.
    Null where nothing is left or a dash stands for 'nothing here'.
    """
    text = _folded(cell)
    return pl.when(text.is_in(BLANKS)).then(None).otherwise(text)


def _folded(cell: pl.Expr) -> pl.Expr:
    folded = cell.str.normalize("NFKC").str.replace_all(r"[\p{Cf}\p{Z}[\p{Cc}&&[^\r\n]]]", "")
    inner = folded.str.strip_chars("\r\n").str.replace(AS_TEXT, "$1$2")
    return inner.str.replace_all("[−﹣–]", "-")


def label(cell: pl.Expr) -> pl.Expr:
    """A word to be looked up: tidy, on one line."""
    return tidy(cell).str.replace_all(r"[\r\n]", "")


def text(cell: pl.Expr, never: str = "") -> pl.Expr:
    """A name or free text as the sender wrote it, less outer spaces, line breaks and control characters.

    A number of which only the first digits are left is no name, and neither is what has the pattern ``never``.
    """
    return cell.map_batches(lambda written: _text(written, never), return_dtype=pl.String)


def _text(written: pl.Series, never: str) -> pl.Series:
    odd = "|".join(filter(None, (UNCLEAN, IN_POWERS, _NO_TEXT, never)))
    if not written.str.contains(odd).any():  # to tell so takes as long as any one of them
        return written
    bare = pl.col("text").str.replace_all(r"[\p{Cc}\p{Cf}]", "").str.strip_chars()
    none = pl.col("clean").is_in(BLANKS) | pl.col("clean").str.contains(IN_POWERS)
    if never:
        none |= pl.col("text").str.contains(never)
    rows = pl.select(text=written).with_columns(clean=bare.str.replace(AS_TEXT, "$1$2"))
    return rows.select(pl.when(~none).then("clean")).to_series()


def money(cell: pl.Expr, factor: Decimal, currency: str = "CNY") -> pl.Expr:
    """An amount in units of ``currency``; ``factor``: how many are in the column's unit, unless the cell names its own.

    Reads 1,234.5 · 1 234.5 · (5) · －5 · ¥3 · RMB 5 · 12.5万元人民币 · 1.2E+5, and of dollars $3 and 5万美元. A
    comma elsewhere than before three digits is a slip and stays unread, and so does another currency.
    """
    value, suffix = _figure(cell, CURRENCY_SIGNS[currency])
    units = {word: int(size) for word, size in MONEY_UNITS.items() if currency == "CNY" or "元" not in word}
    stated = suffix.replace_strict(list(units), list(units.values()), default=None)
    return _times(value, pl.when(suffix == "").then(pl.lit(int(factor))).otherwise(stated))


def plain_money(cell: pl.Expr, factor: Decimal, sort: pl.DataType = MONEY) -> pl.Expr:
    """``money`` for cells that match PLAIN_NUMBER, several times as fast; null for what ``sort`` cannot hold."""
    digits = cell.str.replace_all(",", "", literal=True)
    if factor == 1:
        return digits.cast(sort, strict=False)
    yuan = digits.cast(_WIDE, strict=False) * pl.lit(int(factor)).cast(pl.Decimal(12, 0))
    return yuan.cast(sort, strict=False)


def number(cell: pl.Expr) -> pl.Expr:
    """A plain number without unit (an exchange rate, a quantity), exact."""
    value, suffix = _figure(cell, CURRENCY_SIGNS["CNY"])
    return pl.when(suffix == "").then(value.cast(MONEY, strict=False))


def _figure(cell: pl.Expr, signs: str) -> tuple[pl.Expr, pl.Expr]:
    """The signed number of a cell and the Chinese word after it, less its currency's signs; null for anything else."""
    spaced = cell.str.normalize("NFKC").str.replace_all(r"(\d) +(\d)", "$1,$2")
    bare = tidy(spaced).str.replace_all("'", "", literal=True)
    clean = bare.str.replace(rf"^([-+(]?)(?:{signs})", "$1").str.replace(rf"(?:{signs})(\)?)$", "$1")
    inner = clean.str.extract(r"^\(([^-+].*)\)$")
    parts = pl.coalesce(inner, clean).str.extract_groups(
        rf"^([+-]?(?:{_DIGITS}|\.[0-9]+)(?:[eE][+-]?[0-9]{{1,2}})?)([一-鿿]*)$"
    )
    digits = parts.struct.field("1").str.replace_all(",", "", literal=True)
    value = digits.cast(_WIDE, strict=False)
    return pl.when(inner.is_not_null()).then(-value).otherwise(value), parts.struct.field("2")


def _times(value: pl.Expr, factor: pl.Expr) -> pl.Expr:
    bounded = pl.when(value.abs() < _LARGEST).then(value)
    return (bounded * factor.cast(pl.Decimal(12, 0))).cast(MONEY, strict=False)


def growth(cell: pl.Expr) -> pl.Expr:
    """A printed change as a fraction: 12.3 and 12.3% → 0.123, 增长1.5倍 → 1.5, 下降3.2个百分点 → −0.032, 持平 → 0."""
    clean = tidy(cell).str.replace(r"^(同比|环比|比上年)", "")
    inner = clean.str.extract(r"^\((.+)\)$")
    parts = pl.coalesce(inner, clean).str.extract_groups(
        r"^(增长|增加|上升|提高|增|升|下降|减少|降低|回落|降|减)?约?([+-]?[0-9]+(?:\.[0-9]+)?)(%|倍|个?百分点)?$"
    )
    word, figure, unit = (parts.struct.field(str(group)) for group in (1, 2, 3))
    falls = word.str.contains("[降减落]") | inner.is_not_null()
    size = figure.cast(pl.Float64, strict=False) / pl.when(unit == "倍").then(1.0).otherwise(100.0)
    change = pl.when(falls).then(-size).otherwise(size)
    return pl.when(clean == "持平").then(0.0).otherwise(change)


def date(cell: pl.Expr, day_zero: str = DAY_ZERO) -> pl.Expr:
    """A calendar day: 2024-06-08 · 2024/6/8 · 2024.6.8 · 2024年6月8日星期六 · 20240608 · 45446 (days since ``day_zero``).

    A time of day may follow. After a figure it must stand apart: joined to it, 1日 at 14 o'clock reads like 11日.
    """
    clean = _in_digits(tidy(_apart(cell)).str.replace(_WEEKDAY, ""))
    parts = clean.str.extract_groups(
        rf"^([0-9]{{4}})[-—/.年]([0-9]{{1,2}})[-—/.月]([0-9]{{1,2}})(?:[日号](?:T?{_CLOCK})?|T{_CLOCK})?$"
    )
    split = _calendar_day(*(parts.struct.field(str(group)) for group in (1, 2, 3)))
    packed = clean.str.extract(rf"^([0-9]{{8}})(?:\.0|T{_CLOCK})?$").str.to_date("%Y%m%d", strict=False)
    serial = clean.str.extract(r"^([3-6][0-9]{4})(?:\.[0-9]+)?$").cast(pl.Int32, strict=False)
    counted = pl.lit(day_zero).str.to_date() + pl.duration(days=serial)
    return _plausible(pl.coalesce(split, packed, counted))


def _apart(cell: pl.Expr) -> pl.Expr:
    """The blank before a time of day as T, and one within a day's figure as a sign that no date has: tidy drops blanks."""
    blank = r"[\p{Z}\s]"
    timed = cell.str.normalize("NFKC").str.replace(
        rf"{blank}*({_HALF}){blank}*([0-9])|{blank}+([0-9]{{1,2}}{blank}*[:时])", "T$1$2$3"
    )
    return timed.str.replace_all(rf"([-−–/.年月]{blank}*[0-9]){blank}+([0-9])", "$1?$2")


def period(cell: pl.Expr, day_zero: str = DAY_ZERO) -> pl.Expr:
    """A month as its first day: 202406 · 202406.0 · 2024-06 · 2024年6月 · 2024.6 · a date · 2024年1—2月 (February).

    A bare ``2024.1`` is unread: a spreadsheet shows October and January alike. So is any other span of
    months, whose figure would be a cumulative one.
    """
    clean = _in_digits(tidy(cell)).str.replace(r"^([0-3][0-9]年)", "20$1").str.replace("年度?第?", "年")
    one = pl.lit("01")
    parts = clean.str.extract_groups(r"^([0-9]{4})(?:[-/.年]([0-9]{1,2})|([0-9]{2}))(?:\.0|月份?)?$")
    year, split, packed = (parts.struct.field(str(group)) for group in (1, 2, 3))
    named = pl.when(~clean.str.contains(r"^[0-9]{4}\.1$")).then(
        _calendar_day(year, pl.coalesce(split, packed), one)
    )
    combined = _calendar_day(clean.str.extract(COMBINED_MONTHS), pl.lit("02"), one)
    return pl.coalesce(_plausible(named), _plausible(combined), date(cell, day_zero).dt.truncate("1mo"))


def months(cell: pl.Expr) -> pl.Expr:
    """How many months a period cell spans: 2 for a combined 1—2月, else 1."""
    return pl.when(_in_digits(tidy(cell)).str.contains(COMBINED_MONTHS)).then(2).otherwise(1).cast(pl.Int8)


def _in_digits(text: pl.Expr) -> pl.Expr:
    """二〇二五年十二月二十五日 → 2025年12月25日."""
    tens = text.str.replace_all("([二三])十([一二三四五六七八九])", "$1$2").str.replace_all(
        "([二三])十", "${1}0"
    )
    units = tens.str.replace_all("十([一二三四五六七八九])", "1$1").str.replace_all("十", "10")
    digits = units.str.replace_many(list("〇零○一二三四五六七八九"), list("000123456789"))
    return pl.when(text.str.contains("^[二0-9].*年.*月")).then(digits).otherwise(text)


def _calendar_day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    parts = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    return parts.str.to_date("%Y-%m-%d", strict=False)


def _plausible(day: pl.Expr) -> pl.Expr:
    return pl.when(day.dt.year().is_between(*YEARS)).then(day)


def uscc(cell: pl.Expr) -> pl.Expr:
    """A 统一社会信用代码 whose check character holds (GB 32100); null for any other.

    An all-digit code ending in 000 is what a spreadsheet leaves of a longer number: lost, so null.
    """
    return cell.map_batches(_codes, return_dtype=pl.String)


def _codes(written: pl.Series) -> pl.Series:
    if (formed := written.str.contains(USCC_FORM)).all():  # cleaning costs more than all the rest
        return _checked(written, formed)
    clean = label(pl.col("code")).str.to_uppercase().str.replace_all(r"[-.·']", "")
    codes = pl.select(code=written).select(clean).to_series()
    return _checked(codes, codes.str.contains(USCC_FORM))


def _checked(codes: pl.Series, formed: pl.Series) -> pl.Series:
    """The well-formed codes whose characters, weighted by powers of three, add up to a multiple of 31."""
    whole = formed & ~_is_cut(codes)
    sound = pl.select(pl.when(whole).then(codes)).to_series()
    characters = sound.fill_null("0" * 18).str.join("").item().encode("ascii").translate(_USCC_VALUES)
    values = np.frombuffer(characters, np.uint8).reshape(-1, 18).astype(np.float32)
    # values @ weights would wake a thread of BLAS, which then spins for a while
    sums = np.einsum("ij,j", values, _USCC_WEIGHTS)
    right = column_of((sums % 31 == 0).view(np.uint8)) == 1
    return pl.select(pl.when(right).then(sound)).to_series()


def _is_cut(codes: pl.Series) -> pl.Series:
    """Digits alone that end in 000: what a spreadsheet leaves of a longer number."""
    ends, digits = codes.str.ends_with("000"), r"^[0-9]+$"
    if codes.filter(ends).str.contains(digits).any():
        return ends & codes.str.contains(digits)
    return pl.repeat(False, len(codes), eager=True)


def code(cell: pl.Expr, digits: int, zeros: int = 0) -> pl.Expr:
    """A numeric code of fixed length; ``zeros`` leading ones are restored that a spreadsheet took: 110 → 0110.

    Its name may stand beside it: 「0110 一般贸易」, 「110-香港」, 「一般贸易（0110）」.
    """
    clean = label(cell)
    alone = clean.str.extract(rf"^([0-9]{{{digits - zeros},{digits}}})(?:\.0)?$")
    before = clean.str.extract(rf"^\(?([0-9]{{{digits}}})[-_:/|)]?\(?[一-鿿][^0-9]*$")
    after = clean.str.extract(rf"^[一-鿿][^0-9]*[-_:/|(]([0-9]{{{digits}}})\)?$")
    return pl.coalesce(alone, before, after).str.zfill(digits)


def hs_code(cell: pl.Expr) -> pl.Expr:
    """A commodity code as 8 digits; of a 10-digit one the last two (national) digits fall away.

    Seven digits are eight without their zero, nine are ten: 7020000 and 702000010 are both 07020000. Where the
    zero is still there (0702000) it is the last digit that is missing, and nobody knows it: unread, as are six
    digits and fewer, which name many goods.
    """
    clean = _even_code(cell, 7, 10)
    return clean.str.slice(0, 8)


def hs_level(cell: pl.Expr) -> pl.Expr:
    """A commodity code of the level it was asked for, 2 to 10 digits."""
    return _even_code(cell, 1, 10)


def _even_code(cell: pl.Expr, fewest: int, most: int) -> pl.Expr:
    """Commodity codes have an even number of digits; where one is missing it was a leading zero: 7020000 → 07020000.

    There is no chapter 00: what would begin so did not lose its zero but another digit, and stays unread.
    """
    dotted = tidy(cell).str.replace(r"^([0-9]{4})\.([0-9]{4})$", "$1$2")  # as the tariff prints them
    dotted = dotted.str.replace(r"^([0-9]{4})\.([0-9]{2})\.?([0-9]{2})(?:\.([0-9]{2}))?$", "$1$2$3$4")
    clean = dotted.str.extract(rf"^([0-9]{{{fewest},{most}}})(?:\.0)?$")
    even = clean.str.replace("^((?:[0-9]{2})*[0-9])$", "0$1")
    return even.str.extract("^((?:0[1-9]|[1-9]).*)$")


def choice(cell: pl.Expr, words: Mapping[str, str], around: str = "") -> pl.Expr:
    """A word from a closed list; ``words`` maps each accepted spelling, in capitals, to the stored one.

    ``around`` is the pattern of what falls away where the cell as a whole is none of them. A blank that the
    list names (无 among yes and no) is a word, not a blank.
    """
    whole = _folded(cell).str.replace_all(r"[\r\n]", "").str.to_uppercase()
    bare = whole.str.replace_all(around, "") if around else whole
    return pl.coalesce(_word(text, words) for text in ((whole, bare) if around else (whole,)))


def _word(text: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    return text.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String)
