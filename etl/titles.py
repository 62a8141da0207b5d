"""What stands above a table or in a name: the month, and the unit of money."""

import re
import unicodedata
from collections.abc import Iterable

from etl.cells import FOREIGN_UNITS, MONEY_UNITS

_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_WORDS = {"十": "10", "十一": "11", "十二": "12"}
_OFFICES = "(局|委|办|海关|公司|中心|所|政府|厅|部|站|处|科|组|县|区|市|园|会)$"
_UNIT_WORDS = sorted((*MONEY_UNITS, *FOREIGN_UNITS), key=len, reverse=True)


def plain(text: str) -> str:
    """Without spaces and full-width forms."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def months_in(text: str) -> list[tuple[int, int, int]]:
    """Every month named in a title or file name as (year, month, span); dates with a day do not count.

    「2025年9月」 → (2025, 9, 1); 「2025年1—2月」 → (2025, 2, 2); 「2025年1—9月」 → (2025, 9, 1);
    「二〇二五年九月」 → (2025, 9, 1).
    """
    words = _in_digits(plain(text))
    found = re.finditer(r"(20\d{2})年?(?:(\d{1,2})月?[-—–~至到、]+)?(\d{1,2})月(?!\d{1,2}日)", words)
    named = [
        (int(m[1]), int(m[3]), 2 if m[2] and int(m[2]) == 1 and int(m[3]) == 2 else 1)
        for m in found
        if 1 <= int(m[3]) <= 12
    ]
    dense = re.finditer(r"(?<!\d)(20\d{2})[-.]?(0[1-9]|1[0-2])(?!\d|[-.]\d)", words)
    return named or [(int(m[1]), int(m[2]), 1) for m in dense]


def _in_digits(text: str) -> str:
    """Chinese numerals of years and months as digits."""
    years = re.sub("[二][〇零○][〇零○一二三四五六七八九]{2}(?=年)", lambda m: m[0].translate(_NUMERALS), text)
    return re.sub(
        "(十[一二]?|[一二三四五六七八九])(?=月)",
        lambda m: _WORDS.get(m[0]) or m[0].translate(_NUMERALS),
        years,
    )


def year_in(text: str) -> int | None:
    """The one year that a text names, None for none or several."""
    years = {int(year) for year in re.findall(r"(?<!\d)(20\d{2})(?=年)", _in_digits(plain(text)))}
    return years.pop() if len(years) == 1 else None


def lone_month(name: str) -> int | None:
    """The month of a sheet called 「9月」 or 「9月份」."""
    found = re.fullmatch(r"(\d{1,2})月份?", _in_digits(plain(name)))
    return int(found[1]) if found and 1 <= int(found[1]) <= 12 else None


def money_unit_in(texts: Iterable[str]) -> str | None:
    """The unit of money of a 单位 line (「单位：万元」, 「（金额单位：人民币亿元、%）」), or of 「万元」 alone.

    A unit that is none of money is given as it stands; an office (填报单位：某局) is no unit.
    """
    unknown = None
    for text in map(plain, texts):
        stated = re.findall(r"(?=单位:?([^,;。()\[\]:]*))", text)
        for word in re.split(r"[、/]|人民币", "、".join((*stated, text))):
            if word in _UNIT_WORDS:
                return word
        if unit := bracketed_unit(text):
            return unit
        line = re.match(r"\(?(?:金额|计量|货币)?单位:?([^,;。()\[\]]+)", text)
        if line and not re.search(_OFFICES, line[1]):
            unknown = unknown or line[1]
    return unknown


def bracketed_unit(label: str) -> str | None:
    """The unit in the brackets of a header: 「出口（万元）」."""
    return next(
        (
            inner
            for inner in re.findall(r"[(\[]([^()\[\]]*)[)\]]", plain(label))
            if inner.removeprefix("人民币") in _UNIT_WORDS
        ),
        None,
    )
