"""The document in its own words: the text of a clause, with the quoted sentence found in it."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from etl.errors import PolicyError
from etl.policy import Policy

CLAUSE = r"(?m)^{number}、"
NEXT = r"(?m)^[一二三四五六七八九十]+、|^本措施"
RESPONSIBLE = re.compile(r"[〔（(]责任单位[:：][^〔（(〕）)]*(?:[（(][^）)]*[）)][^〔（(〕）)]*)*[〕）)]")


@dataclass(frozen=True)
class Passage:
    """A clause's text around a sentence of it: before + quote + after is the clause."""

    before: str
    quote: str
    after: str


@functools.lru_cache(maxsize=64)
def clause_text(folder: Path, number: str) -> str:
    """The clause in one paragraph, without its number and the line of who is responsible.

    Line breaks of the printed page go; PolicyError where document.txt has no such clause.
    """
    try:
        whole = (folder / "document.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PolicyError(f"政策目录缺少 document.txt（{folder}），请补上该文件。") from None
    start = re.search(CLAUSE.format(number=number), whole)
    if start is None:
        raise PolicyError(f"document.txt 里找不到第{number}条（行首应为「{number}、」），请核对原文。")
    rest = whole[start.end() :]
    end = re.search(NEXT, rest)
    lines = (line.strip() for line in rest[: end.start() if end else None].splitlines())
    return RESPONSIBLE.sub("", "".join(lines))


def passage(policy: Policy, number: str, quote: str) -> Passage:
    """The clause around the quote; PolicyError for a quote that does not stand in it, spaces apart."""
    whole = clause_text(policy.folder, number)
    pattern = r"\s*".join(re.escape(sign) for sign in re.sub(r"\s", "", quote))
    found = re.search(pattern, whole)
    if found is None:
        raise PolicyError(f"第{number}条的原文里没有「{quote}」，请核对 indicators 里的 quote。")
    return Passage(whole[: found.start()], found.group(), whole[found.end() :])
