"""What stands behind each figure of a brief: clause, formula, source files and rows, as one text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from dashboard import format
from dashboard.board import before
from dashboard.brief.document import Key
from dashboard.brief.sources import ESTIMATED, Rows, derived, of_indicator, of_year_end
from dashboard.needs import RULE
from dashboard.questions.lineage import FIRMLESS_KINDS, Trace, trace
from dashboard.store import Gate
from etl.errors import UserError
from etl.policy import Policy

MOST_ROWS = 3
# What a figure says of another: the part of its topic before the colon.
COUNTED = "按记分表中本月亮灯的行计数。"
ABOUT: Mapping[str, str] = {
    "growth": "同比＝本期÷上年同期－1，按未经四舍五入的金额计算。",
    "pace": "序时进度：从基期起按月直线推到目标期限，本月应达到的值；每年的目标按月份折算。",
    "gap": "差距＝数值与序时进度之差；已达标或没有序时进度的，为与目标之差。",
    "target": "目标见条文；县市区单独下达的，以县市区目标分解表为准。",
    "run": "从本月往前数，灯一直为滞后的月数，最早从文件印发当月起算。",
    "need": RULE,
    "share": "进口占比：本地进口比按全市序时进度（没有的按目标）应有的少多少；其他指标：与序时进度或目标之差。",
    "cases": "本年办结的正常出口退税案件，按件计。",
    "year_end": f"年末预估：分子、分母各按{ESTIMATED}；只供参考，不亮灯。",
    "moved": "与上月位次之差。",
    **{f"turned_{tone}": "与上月的灯相比，颜色变化的目标数。" for tone in ("red", "green", "grey", "known")},
    **dict.fromkeys(("coloured", "green", "met", "on_pace", "behind", "no_data"), COUNTED),
}


def evidence(gate: Gate, policy: Policy, keys: Iterable[Key], named: bool) -> dict[Key, str]:
    """A text for each figure. named: whether rows that name firms may be listed."""
    return {key: _said(gate, policy, key, named) for key in dict.fromkeys(keys)}


def _said(gate: Gate, policy: Policy, key: Key, named: bool) -> str:
    head = f"{policy.unit(key.unit).name}　{format.period(key.period)}"
    kind, _, subject = key.topic.rpartition(":")
    of, own = replace(key, topic=subject), ABOUT.get(kind.partition(":")[0], "")
    rule = [f"口径：{own}"] if own else []
    try:
        indicator = policy.indicator(subject)
    except UserError:
        return "\n".join([head, *rule, *_derived(gate, policy, of, named, grown=kind == "growth")])
    clause = policy.document.clause(indicator.clause)
    rows = of_year_end(indicator, of) if kind == "year_end" else of_indicator(indicator, of)
    lines = [
        f"{head}　{indicator.name}",
        *rule,
        f"条文：{policy.document.number}第{clause.number}条「{clause.title}」：{indicator.quote}",
        f"公式：{indicator.formula}",
    ]
    return "\n".join([*lines, *_sources(gate, policy, rows, named)])


def _derived(gate: Gate, policy: Policy, key: Key, named: bool, grown: bool) -> list[str]:
    """Rule and rows of what is no indicator; of a growth the rows of a year ago too."""
    rule, rows = derived(policy, key)
    lines = [f"公式：{rule}", *(_sources(gate, policy, rows, named) if rows else [])]
    if grown:
        _, then = derived(policy, replace(key, period=before(key.period, 12)))
        first, *others = _sources(gate, policy, then, named)
        lines += [f"上年同期{first}", *others]
    return lines


def _sources(gate: Gate, policy: Policy, asked: Sequence[Rows], named: bool) -> list[str]:
    """The files with how many of their rows, and the first rows."""
    found = [trace(gate, rows.asked(policy.indicators[0]), rows.unit, rows.period) for rows in asked]
    files: dict[tuple[str, str], int] = {}
    for one in found:
        for file in one.files:
            files[file.name, file.sha256] = files.get((file.name, file.sha256), 0) + file.rows
    if not files:
        return ["来源：没有来源行。"]
    names = "、".join(
        f"{name}（{rows}行，sha256 {sha256[:12]}）" for (name, sha256), rows in [*files.items()][:MOST_ROWS]
    )
    more = f"等{len(files)}个文件" if len(files) > MOST_ROWS else ""
    return [f"来源：{names}{more}，共{sum(files.values())}行。", *_rows(found, named)]


def _rows(found: Sequence[Trace], named: bool) -> list[str]:
    """The first rows; those that name firms only where the brief may."""
    rows = (row for one in found for row in one.rows if named or row.kind in FIRMLESS_KINDS)
    return [
        f"{row.file}{f'「{row.sheet}」' if row.sheet else ''}第{row.row}行　{row.label}　{format.grouped(row.figures)}"
        for row in islice(rows, MOST_ROWS)
    ]
