"""The document in its own words: the text of a clause, with the quoted sentence found in it."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from etl.errors import PolicyError
from etl.policy import Policy
from etl.records import read_toml

# How documents number their measures, at the beginning of a line: 一、 or 第一条 or （一） or 1.
STYLES = ("{number}、", "第{number}条[、\\s]*", "[（(]{number}[）)]", r"{number}[.．](?![0-9])")
CLAUSES = "clauses.toml"
NUMERAL = "(?:[一二三四五六七八九十百]+|[0-9]+)"
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

    It ends with the next number, or where the closing of ``clauses.toml`` begins. Line breaks of the printed page go;
    PolicyError where document.txt has no such clause.
    """
    try:
        whole = (folder / "document.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PolicyError(f"政策目录缺少 document.txt（{folder}），请补上该文件。") from None
    found = ((style, _at_line(style.format(number=number), whole)) for style in STYLES)
    style, start = next(((style, start) for style, start in found if start), ("", None))
    if start is None:
        raise PolicyError(f"document.txt 里找不到第{number}条（行首应为「{number}、」），请核对原文。")
    rest = whole[start.end() :]
    ends = [_at_line(style.format(number=NUMERAL), rest)]
    ends += [
        _at_line(_spaced(closing["quote"]), rest) for closing in read_toml(folder / CLAUSES)["closing"][:1]
    ]
    end = min((end.start() for end in ends if end), default=None)
    lines = (line.strip() for line in rest[:end].splitlines())
    return RESPONSIBLE.sub("", "".join(lines))


def _at_line(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?m)^\s*{pattern}", text)


def _spaced(quote: str) -> str:
    """A pattern for the quote however its lines are broken."""
    return r"\s*".join(re.escape(sign) for sign in re.sub(r"\s", "", quote))


def passage(policy: Policy, number: str, quote: str) -> Passage:
    """The clause around the quote; PolicyError for a quote that does not stand in it, spaces apart."""
    whole = clause_text(policy.folder, number)
    found = re.search(_spaced(quote), whole)
    if found is None:
        raise PolicyError(f"第{number}条的原文里没有「{quote}」，请核对 indicators 里的 quote。")
    return Passage(whole[: found.start()], found.group(), whole[found.end() :])
