"""What stands behind each figure of a brief: clause, formula, source files and rows, as one text."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dashboard import format
from dashboard.board import before
from dashboard.brief.document import Key
from dashboard.needs import RULE
from dashboard.questions.lineage import FIRMLESS_KINDS, Trace, trace
from dashboard.store import Gate
from etl.errors import UserError
from etl.policy import Indicator, Policy

MOST_ROWS = 3
# Figures that are no indicator: how they come about, and whose source rows they share.
DERIVED: Mapping[str, tuple[str, str]] = {
    "month_": ("当月进出口，取数顺序：县市区月表、企业月表、海关明细。", "unit_trade"),
    "ytd_": ("本年1月至本月累计进出口，取数顺序：县市区月表、企业月表、海关明细。", "unit_trade"),
    "ttm_": ("近12个月＝本年累计＋上年全年累计－上年同期累计。", "unit_trade"),
    "share_total": ("本地本年累计进出口÷全市本年累计进出口。", "unit_trade"),
    "year_end_total": (
        "出口、进口各按「本年累计×上年全年÷上年同月累计」推算后相加；只供参考，不亮灯。",
        "unit_trade",
    ),
    "year_end_": ("分子、分母各按「本年累计×上年全年÷上年同月累计」推算；只供参考，不亮灯。", ""),
    "tier_": (
        "近12个月进出口达到该档（含）的企业，按统一社会信用代码计，一个代码为一家。",
        "firms_over_100m",
    ),
    "cbec_": ("跨境电商进出口之和；跨境电商月度表优先，其次海关明细的跨境电商监管方式。", "cbec"),
    "rebate_": ("本年办结的正常出口退税案件。", "rebates"),
    "aeo": ("企业名录中本月有效、标明AEO高级认证的企业，按统一社会信用代码计。", ""),
    "support_": (
        "资金台账中自文件印发之日起、至本月末已拨付的市级支持资金；拨给机关的不计企业数。",
        "support",
    ),
    "firms_": (
        "近12个月进出口大于零的企业，按统一社会信用代码计；升降档为与当时的档次相比，"
        "新增、退出为与上一个12个月相比。来源为企业月表和海关明细中全部企业的行。",
        "",
    ),
    "near_line": ("近12个月进出口达到下一档的这个比例而尚未达到该档的，为近线企业。", ""),
    "rank": ("综合位次按亮灯项数中绿灯占比排序，占比相同的按已达标项数，并列的位次相同。", ""),
    "lights": ("灯在发布快照时一次算定，按记分表的行计数。", ""),
}
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
        return "\n".join(
            [head, *rule, *_derived(gate, policy, of, named), *_base(gate, policy, key, of, named)]
        )
    clause = policy.document.clause(indicator.clause)
    lines = [
        f"{head}　{indicator.name}",
        *rule,
        f"条文：{policy.document.number}第{clause.number}条「{clause.title}」：{indicator.quote}",
        f"公式：{indicator.formula}",
    ]
    return "\n".join([*lines, *_sources(gate, indicator, of, named)])


def _base(gate: Gate, policy: Policy, key: Key, of: Key, named: bool) -> list[str]:
    """The rows of a year ago, for a growth."""
    if not key.topic.startswith("growth:"):
        return []
    _, *rows = _derived(gate, policy, replace(of, period=before(of.period, 12)), named)
    return [f"上年同期{rows[0]}", *rows[1:]] if rows else []


def _derived(gate: Gate, policy: Policy, key: Key, named: bool) -> list[str]:
    rule, lineage = next((said for start, said in DERIVED.items() if key.topic.startswith(start)), ("", ""))
    shared = next((item for item in policy.indicators if lineage in (item.lineage, item.id)), None)
    return [f"公式：{rule}", *(_sources(gate, shared, key, named) if shared and lineage else [])]


def _sources(gate: Gate, indicator: Indicator, key: Key, named: bool) -> list[str]:
    found = trace(gate, indicator, key.unit, key.period)
    if not found.files:
        return ["来源：没有来源行。"]
    names = "、".join(
        f"{file.name}（{file.rows}行，sha256 {file.sha256[:12]}）" for file in found.files[:MOST_ROWS]
    )
    more = f"等{len(found.files)}个文件" if len(found.files) > MOST_ROWS else ""
    return [f"来源：{names}{more}，共{found.total}行。", *_rows(found, named)]


def _rows(found: Trace, named: bool) -> list[str]:
    """The first rows; those that name firms only where the brief may."""
    shown = [row for row in found.rows if named or row.kind in FIRMLESS_KINDS][:MOST_ROWS]
    return [
        f"{row.file}{f'「{row.sheet}」' if row.sheet else ''}第{row.row}行　{row.label}　{row.figures}"
        for row in shown
    ]
