"""When two names written by different hands mean the same project or firm. The likeness is rapidfuzz's.

Figures are compared as digits, 二期 as 2期; a year counts where both names have one.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from etl.support.rules import plain

FIGURES = re.compile(r"[0-9]+")
NUMERALS = re.compile(r"[〇零一二两三四五六七八九十百]+")
DIGITS = {**{digit: value for value, digit in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
TENS = {"十": 10, "百": 100}
YEARS = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])\s*(年度|年份|年|度)?")
FORMS = re.compile(r"(有限责任|股份有限|有限)?公司$")


def alike(one: str, other: str, least: int) -> bool:
    """Whether two names of projects are alike; figures in them (二期, 03, 2025) must agree.

    least: 0–100. A name that is empty is like nothing.
    """
    a, b = digits(one), digits(other)
    if bool(YEARS.search(a)) != bool(YEARS.search(b)):
        a, b = YEARS.sub("", a), YEARS.sub("", b)
    if FIGURES.findall(a) != FIGURES.findall(b):
        return False
    a, b = plain(a), plain(b)
    return bool(a and b and fuzz.ratio(a, b) >= least)


def is_named(project: str) -> bool:
    """Whether the text names a project: a year alone (2025年度) does not."""
    return bool(plain(YEARS.sub("", digits(project))))


def kin(names: Iterable[tuple[str, str]], least: int) -> dict[str, frozenset[str]]:
    """The firms that may be one under several codes: code → it and all whose name is as like as that.

    names: (code, name) as ledgers write them; a firm without a name is only itself.
    """
    found: dict[str, set[str]] = {}
    bare: dict[str, set[str]] = {}
    for code, name in names:
        found.setdefault(code, {code})
        if stripped := FORMS.sub("", plain(digits(name))):
            bare.setdefault(stripped, set()).add(code)
    choices = list(bare)
    for name, codes in bare.items():
        for other, _, _ in process.extract(name, choices, scorer=fuzz.ratio, score_cutoff=least, limit=None):
            if FIGURES.findall(name) == FIGURES.findall(other):
                for code in codes:
                    found[code] |= bare[other]
    return {code: frozenset(codes) for code, codes in found.items()}


def nearest(text: str, choices: Iterable[str]) -> str | None:
    """The choice most like a text; None where there is none."""
    best = process.extractOne(text, list(choices), scorer=fuzz.ratio, processor=plain)
    return best[0] if best else None


def digits(name: str) -> str:
    """The name with its Chinese numerals as digits: 十二号 → 12号, 二〇二五年 → 2025年."""
    return NUMERALS.sub(lambda found: _number(found[0]), unicodedata.normalize("NFKC", name))


def _number(numeral: str) -> str:
    if not TENS.keys() & set(numeral):
        return "".join(str(DIGITS[sign]) for sign in numeral)
    total = digit = 0
    for sign in numeral:
        if sign in TENS:
            total, digit = total + (digit or 1) * TENS[sign], 0
        else:
            digit = DIGITS[sign]
    return str(total + digit)
