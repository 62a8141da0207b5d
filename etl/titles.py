"""What stands above a table or in a name: the month, and the unit of money."""

import functools
import re
import unicodedata
from collections.abc import Iterable

from etl.cells import FOREIGN_UNITS, MONEY_UNITS

_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_WORDS = {"十": "10", "十一": "11", "十二": "12"}
_SPAN, _LIST = "[-—–~至到]+", "[、和与及,&+]"
_TO = f"(?:{_SPAN}|{_LIST})"
_UP_TO = rf"(?P<to>{_LIST}|{_SPAN}(?:(?P<last_year>20\d{{2}})年)?)"
_NAMED = (  # 「2025年9月」「25年9月」「2025年1—9月」「2025年1月至2025年9月」
    r"(?<!\d)(?P<year>20\d{2}|[0-3]\d(?=年))年?度?第?"
    rf"(?:(?P<first>\d{{1,2}})月?份?{_UP_TO})?"
    r"(?P<last>\d{1,2})月(?!\d{1,2}日)"
)
_CBEC = "跨境电商|跨境电子商务"
_PART = (  # of all trade; a table of units or firms under such a title holds no more than that
    rf"{_CBEC}|市场采购|加工贸易|一般贸易|保税物流|服务贸易|机电产品|高新技术产品|农产品|轻工产品|蔬菜|烟花爆竹|(?<![核相针绝面])对(?![外比照应])[一-鿿A-Z、]{{2,8}}?(?=进?出口|进口)"
    "|民营企业|外商投资企业|外资企业|国有企业|预测|预计|预估"
)
_OFFICES = "(局|委|办|海关|公司|中心|所|政府|厅|部|站|处|科|组|县|区|市|园|会)$"
_UNIT_WORDS = sorted((*MONEY_UNITS, *FOREIGN_UNITS), key=len, reverse=True)


def plain(text: str) -> str:
    """Without spaces and full-width forms, and without what keeps a spreadsheet from turning text into a number."""
    return re.sub(r'^="([^"]*)"$', r"\1", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


_QUARTERS = {"第?[一1首]季度": "1-3月", "上半年": "1-6月", "前[三3][个]?季度": "1-9月", "全年": "1-12月"}
_COMPARED = r"\([与同比较和]20\d{2}年[^()]*\)|[比较]20\d{2}年[^,。;()]*"  # 「（与2024年1—5月相比）」: another table's months


def months_in(text: str) -> list[tuple[int, int, int]]:
    """Every month named in a title or file name as (year, month, span); dates with a day do not count.

    「2025年9月」 → (2025, 9, 1); 「2025年1—2月」 → (2025, 2, 2); 「2025年1—9月」 → (2025, 9, 1);
    「二〇二五年九月」 → (2025, 9, 1); 「2025年上半年」, 「2025年前6个月」 and 「截至2025年6月30日」 → (2025, 6, 1). A span that
    does not begin in January has no month of its own: it gives (year, 0, 1), which is none of the calendar.
    """
    words = _from_january(re.sub(_COMPARED, "", _in_digits(plain(text))))
    found = [_spanned(match) for match in re.finditer(_NAMED, words) if 1 <= int(match["last"]) <= 12]
    parted = r"(?<!\d)(20\d{2})(?:[-.]?(0[1-9]|1[0-2])|[-/]([1-9]|0[1-9]|1[0-2])|\.([2-9]))(?!\d|[-./]\d)"
    return found or [
        (int(m[1]), int(m[2] or m[3] or m[4]), 1)  # 「2025.1」 may be October
        for m in re.finditer(parted, words)
    ]


def _from_january(text: str) -> str:
    """Spans that begin in January in the form of 1—6月: 上半年, 前三季度, 前5个月, up to the last day of a month."""
    for words, span in _QUARTERS.items():
        text = re.sub(f"(?<=年)度?{words}", span, text)
    text = re.sub(r"(?<=年)前(\d{1,2})个?月", r"1-\1月", text)
    return re.sub(r"(?<=截[至止])(20\d{2}年)(\d{1,2})月(?:28|29|30|31)日", r"\1\2月", text)


@functools.lru_cache(maxsize=4096)
def is_from_january(text: str) -> bool:
    """Whether a title names several months that begin in January: its figures are cumulative ones then."""
    return any(month for _, month, _ in months_in(text)) and any(
        match["first"] and int(match["first"]) == 1
        for match in re.finditer(_NAMED, _from_january(_in_digits(plain(text))))
    )


def part_of_trade(titles: Iterable[str]) -> str:
    """What part of all trade titles are about (「跨境电商」, 「对东盟」), "" for all; what a bracket or a note says is none."""
    return next(filter(None, map(_part, titles)), "")


@functools.lru_cache(maxsize=4096)
def _part(title: str) -> str:
    text = plain(title)
    found = re.search(rf"(?<![含及和与、])({_PART})", re.sub(r"\([^()]*\)", "", text))
    return found[1] if found and not re.match("注|备注|说明|[^:]*(口径|来源|填报|单位)[^:]*:", text) else ""


def is_cbec(part: str) -> bool:
    """Whether that part is cross-border e-commerce, which has a kind of its own."""
    return bool(re.fullmatch(_CBEC, part))


def _spanned(match: re.Match[str]) -> tuple[int, int, int]:
    """The month of a title, or the last of its span, and how many months its figures count together."""
    year, first, to, last_year = match.group("year", "first", "to", "last_year")
    year, last = int(year) + (2000 if len(year) == 2 else 0), int(match["last"])
    if first is None:
        return year, last, 1
    from_january = int(first) == 1 and int(last_year or year) == year and last > 1
    listed = re.fullmatch(_LIST, to) and last > 2
    return (year, last, 2 if last == 2 else 1) if from_january and not listed else (year, 0, 1)


def _in_digits(text: str) -> str:
    """Chinese numerals of years and months as digits."""
    years = re.sub("[二][〇零○][〇零○一二三四五六七八九]{2}(?=年)", lambda m: m[0].translate(_NUMERALS), text)
    return re.sub(
        rf"(十[一二]?|[一二三四五六七八九])(?=月|{_TO}(?:十[一二]?|[一二三四五六七八九])月)",
        lambda m: _WORDS.get(m[0]) or m[0].translate(_NUMERALS),
        years,
    )


def year_in(text: str) -> int | None:
    """The one year that a text names, None for none or several."""
    years = {int(year) for year in re.findall(r"(?<!\d)(20\d{2})(?=年)", _in_digits(plain(text)))}
    return years.pop() if len(years) == 1 else None


def month_of_header(label: str) -> tuple[int | None, int | None]:
    """The year and month that a header names, of a span its last: 「4月出口」, 「2025年1—4月出口」, 「出口累计2024」.

    None for what it does not say, or says twice.
    """
    text = _in_digits(plain(label))
    years = set(re.findall(r"(?<!\d)20\d{2}(?!\d)", text))
    ends = rf"(?<!\d)(\d{{1,2}})月份?(?!{_TO}|\d{{1,2}}日)"
    months = {month for month in map(int, re.findall(ends, text)) if 1 <= month <= 12}
    return int(years.pop()) if len(years) == 1 else None, months.pop() if len(months) == 1 else None


def is_months(name: str) -> bool:
    """Whether a sheet's name is a month without its year, or a span of them: 「9月」「9月份」「1-2月」「1—9月」."""
    return bool(re.fullmatch(rf"(\d{{1,2}}月?份?{_TO})?\d{{1,2}}月份?", _in_digits(plain(name))))


def money_unit_in(texts: Iterable[str]) -> str | None:
    """The unit of money of a 单位 line (「单位：万元」, 「（金额单位：人民币亿元、%）」), or of 「万元」 alone.

    A unit that is none of money is given as it stands, and so are two of them (「万元、亿元」: which counts
    nobody can say); an office (填报单位：某局) is no unit.
    """
    unknown = None
    for text in map(plain, texts):
        stated = re.findall(r"(?=(?:单位|金额):?([^,;。()\[\]:]*))", text)
        found = [
            word for word in re.split(r"[、/]|人民币", "、".join((*stated, text))) if word in _UNIT_WORDS
        ]
        if found:
            return "、".join(dict.fromkeys(found))
        if unit := bracketed_unit(text):
            return unit
        line = re.match(r"\(?(?:金额|计量|货币)?单位:?([^,;。()\[\]]+)", text)
        if line and not re.search(_OFFICES, line[1]):
            unknown = unknown or line[1]
    return unknown


def bracketed_unit(label: str) -> str | None:
    """The unit in the brackets of a title or header: 「出口（万元）」, 「出口【单位：万元人民币】」."""
    inside = re.findall(r"[(\[【〔{<《]([^()\[\]【】〔〕{}<>《》]*)[)\]】〕}>》]", plain(label))
    words = (re.sub(r"^(金额|计量|货币)?(单位)?:?|人民币|RMB|CNY", "", inner) for inner in inside)
    return next((word for word in words if word in _UNIT_WORDS), None)


def header_unit(label: str) -> str | None:
    """The unit that the header of an amount names, in brackets or not: 「出口累计，万元」, 「出口累计万元」.

    Two of them (a group in 万元 over a column in 亿元) are given together, which is no unit.
    """
    if unit := bracketed_unit(label):
        return unit
    found = dict.fromkeys(
        re.findall("|".join(word for word in _UNIT_WORDS if "元" in word or "USD" in word), plain(label))
    )
    return "、".join(found) or None
