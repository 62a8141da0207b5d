"""When two names written by different hands mean the same project or firm. The likeness is rapidfuzz's."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from etl.support.rules import plain

FIGURES = re.compile(r"[0-9]+|[一二三四五六七八九十百]+")
FORMS = re.compile(r"(有限责任|股份有限|有限)?公司$")


def alike(one: str, other: str, least: int) -> bool:
    """Whether two names of projects are alike; figures in them (二期, 03, 2025) must agree.

    least: 0–100. A name that is empty is like nothing.
    """
    a, b = plain(one), plain(other)
    if not a or not b or _figures(one) != _figures(other):
        return False
    return bool(fuzz.ratio(a, b) >= least)


def kin(names: Iterable[tuple[str, str]], least: int) -> dict[str, frozenset[str]]:
    """The firms that may be one under several codes: code → it and all whose name is as like as that.

    names: (code, name) as ledgers write them; a firm without a name is only itself.
    """
    found: dict[str, set[str]] = {}
    bare: dict[str, set[str]] = {}
    for code, name in names:
        found.setdefault(code, {code})
        if stripped := FORMS.sub("", plain(name)):
            bare.setdefault(stripped, set()).add(code)
    choices = list(bare)
    for name, codes in bare.items():
        for other, _, _ in process.extract(name, choices, scorer=fuzz.ratio, score_cutoff=least, limit=None):
            if _figures(name) == _figures(other):
                for code in codes:
                    found[code] |= bare[other]
    return {code: frozenset(codes) for code, codes in found.items()}


def nearest(text: str, choices: Iterable[str]) -> str | None:
    """The choice most like a text; None where there is none."""
    best = process.extractOne(text, list(choices), scorer=fuzz.ratio, processor=plain)
    return best[0] if best else None


def _figures(name: str) -> list[str]:
    return FIGURES.findall(unicodedata.normalize("NFKC", name))
