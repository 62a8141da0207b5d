"""市场与商品 as a table to take along: every part of every dimension, unrounded. Pure."""

from collections.abc import Iterator

from dashboard import format, words
from dashboard.address import View
from dashboard.download import Cell
from dashboard.parts.breakdown import grown
from dashboard.parts.market import span_name
from dashboard.questions.market import Industries, Market
from dashboard.questions.split import TOGETHER, Part, Split
from dashboard.store import Meta
from etl.policy import Policy
from etl.reference import Reference

HEADER = (
    "县市区", "统计时段", "方向", "拆分", "代码", "名称", "金额（元）", "去年同期（元）", "占比（%）", "同比（%）", "说明",
    "快照", "数据性质",
)  # fmt: skip
DIMENSIONS = {"group": "市场分组", "partner": "贸易伙伴", "mode": "监管方式", "chapter": "商品（章）"}
OVERLAP, TWO_MONTHS, NO_BASE = "分组有重叠，不可相加", "1—2月合计", "去年同期数据不全"


def rows(
    policy: Policy,
    reference: Reference,
    view: View,
    found: Market,
    industries: Industries | None,
    meta: Meta,
) -> list[tuple[Cell, ...]]:
    """One row a part; money in yuan, shares and growth in percent, None where there is none."""
    start = (policy.unit(view.unit).name, span_name(found.window), words.COLUMNS[view.flow])
    return [(*start, *row, *meta.ends) for row in _parts(reference, found, industries)]


def _parts(reference: Reference, found: Market, industries: Industries | None) -> Iterator[tuple[Cell, ...]]:
    for dimension, title in DIMENSIONS.items():
        if split := found.splits.get(dimension):
            said = OVERLAP if dimension == "group" else ""
            for part in split.parts:
                yield title, *_named(reference, dimension, part.code), *_figures(split, part, said)
    if industries:
        said = TWO_MONTHS if industries.two_months else ""
        for part in industries.split.parts:
            yield "主导产业", None, part.code or "未登记产业", *_figures(industries.split, part, said)


def _named(reference: Reference, dimension: str, code: str) -> tuple[str | None, str]:
    """Code and name; a group is its name, what is not told apart has no code, and one that nobody named is its own."""
    if dimension == "group" or code == TOGETHER:
        return None, code
    section = reference.section(code)
    names = {
        "partner": reference.partners,
        "mode": reference.modes,
        "chapter": section.chapters if section else {},
    }
    return code, names[dimension].get(code, code)


def _figures(split: Split, part: Part, said: str) -> tuple[Cell, ...]:
    why = NO_BASE if part.before is None else grown(part) if part.growth is None else ""
    return (
        float(part.value), None if part.before is None else float(part.before),
        format.scaled("share", split.share(part)), format.scaled("growth", part.growth),
        "；".join(text for text in (said, why) if text),
    )  # fmt: skip
