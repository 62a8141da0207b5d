"""政策测算 as HTML: what every item offers somebody, and who has not claimed. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from dashboard import format, words
from dashboard.address import View, href
from dashboard.download import Cell
from dashboard.html import folded, link, panel, scrolled, spans, text
from dashboard.questions.support import Candidate
from dashboard.store import Meta
from dashboard.words import Span
from etl.policy import Policy
from etl.support.check import percent
from etl.support.eligible import Offer, together
from etl.support.rules import Item, Rules

STATES = {
    "yes": '<span class="tk-pill tk-green"><span class="tk-shape" aria-hidden="true">●</span>可申报</span>',
    "ask": '<span class="tk-pill tk-grey"><span class="tk-shape" aria-hidden="true">○</span>待核实</span>',
    "no": '<span class="tk-pill tk-none">不符合</span>',
}
MOST = 50
HEADER = (
    "事项", "条", "企业或项目", "统一社会信用代码", "县市区", "依据", "待核实", "最多还可支持（元）", "快照", "数据性质",
)  # fmt: skip


def result(rules: Rules, found: Sequence[Offer], left: Decimal | None) -> str:
    """The sentence with the sum, then every item: open ones first, those that fail folded away."""
    open_to, asked, failing = ([one for one in found if one.state == state] for state in ("yes", "ask", "no"))
    own = [one for one in open_to if not one.to_county]
    first = [Span("可申报"), Span(f"{len(own)}项", "green" if own else "", True)]
    if own:
        first += [Span("，合计最多"), Span(format.money(together(found, left)), "", True)]
        missing = sum(one.sum_cny is None for one in own)
        first += [Span(f"（{missing}项没有填基数或没有金额上限，未计入）")] * bool(missing)
    counties = len(open_to) - len(own)
    first += [Span(f"；另有{counties}项奖励给所在县市区")] * bool(counties)
    first += [Span(f"；{len(asked)}项待核实。")]
    room = f"{rules.total.name}的上限还剩{format.money(left)}。" if rules.total and left is not None else ""
    said = f'<p class="tk-told"><b>{spans(first)}</b>{text(room)}</p>'
    inner = "".join(f"<li>{_offer(one)}</li>" for one in (*open_to, *asked))
    rest = "".join(f"<li>{_offer(one)}</li>" for one in failing)
    lists = f'<ul class="tk-offers">{inner}</ul>' if inner else ""
    lists += folded(f"不符合的{len(failing)}项", f'<ul class="tk-offers">{rest}</ul>') if rest else ""
    note = f'<p class="tk-note">{text(rules.papers_note)}</p>'
    return panel("测算结果", said + note + lists, "tk-result")


def _offer(one: Offer) -> str:
    item = one.item
    sum_ = "" if one.sum_cny is None else f"最多 {one.sum_cny:,.2f} 元"
    left = "" if one.left_cny is None else f"，上限内还剩{format.money(one.left_cny)}"
    lines = [limits(item) + left + "，奖励给所在县市区" * one.to_county]
    if one.unknown:
        lines.append("待核实：" + "；".join(fact.question for fact in one.unknown))
    if one.failing:
        lines.append("不符合：" + "；".join(fact.question for fact in one.failing))
    if item.rate is not None and one.base_cny is None and one.state != "no":
        lines.append(f"填写{item.base}后可算出金额")
    if one.topup:
        added = "" if one.added_cny is None else f"，最多 {one.added_cny:,.2f} 元"
        lines.append(f"县市区另可提升支持{added}（{one.topup.paper}）")
    papers = "".join(f"<li>{text(paper)}</li>" for paper in item.papers)
    inside = f"<q>{text(item.quote)}</q><h3>申报材料（建议）</h3><ul>{papers}</ul>"
    return (
        f'<div class="tk-lead">{STATES[one.state]}<b>{text(item.name)}</b><span>第{text(item.clause)}条</span>'
        f'<span class="tk-num"><b>{text(sum_)}</b></span></div>'
        f'<div class="tk-body">{"".join(f"<p>{text(line)}</p>" for line in lines)}</div>'
        f"{folded('文件原文和申报材料', inside)}"
    )


def limits(item: Item) -> str:
    """An item's rate and ceiling in words: 「购车价的10%，每台最多20.00万元」; 「不超过」 where the document says so."""
    rate = "" if item.rate is None else f"{item.base}的{percent(item.rate)}"
    if item.rate is not None and re.search(rf"不超过\s*{percent(item.rate)}", item.quote):
        rate = f"不超过{rate}"
    most = "" if item.ceiling_cny is None else f"{words.PER[item.per]}最多{format.money(item.ceiling_cny)}"
    return "，".join(part for part in (rate, most) if part)


def unclaimed(policy: Policy, rules: Rules, view: View, found: Sequence[Candidate]) -> str:
    """Who is likely eligible by the data and has not claimed, by item; the first of each, all to take along."""
    groups = "".join(
        _group(policy, view, item, these)
        for item in rules.items
        if (these := [one for one in found if one.item_id == item.id])
    )
    said = "按最新一月已加载的数据推断，是否符合以审核为准；大事记不含信用代码，按名称与台账项目比对。"
    said += words.unscreened(rules)
    inner = f'<p class="tk-note">{text(said)}</p>' + (
        groups or '<p class="tk-empty">没有发现符合条件而未申报的。</p>'
    )
    return panel("可能符合、尚未申报", inner, "tk-unclaimed", text(f"{len(found)}个"))


def _group(policy: Policy, view: View, item: Item, found: Sequence[Candidate]) -> str:
    body = "".join(
        f'<tr><th scope="row">{_who(view, one)}</th><td>{text(policy.unit(one.unit).short)}</td>'
        f"<td>{text(one.because)}</td><td>{text(one.ask or format.DASH)}</td><td>{format.money(one.left_cny)}</td></tr>"
        for one in found[:MOST]
    )
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("企业或项目", "县市区", "依据", "待核实", "最多还可支持")
    )
    rest = f"，列出前{MOST}个" if len(found) > MOST else ""
    listed = f'<table class="tk-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return folded(f"{item.name}：{len(found)}个（第{item.clause}条{rest}）", scrolled(item.name, listed))


def _who(view: View, one: Candidate) -> str:
    return (
        link(href("claims", view, payee=one.uscc, ticks="", sums=""), text(one.name))
        if one.uscc
        else text(one.name)
    )


def rows(policy: Policy, rules: Rules, found: Iterable[Candidate], meta: Meta) -> Iterator[tuple[Cell, ...]]:
    """The candidates to take along; sums in yuan."""
    for one in found:
        item = rules.item(one.item_id)
        left = None if one.left_cny is None else float(one.left_cny)
        place = policy.unit(one.unit).name
        yield item.name, item.clause, one.name, one.uscc, place, one.because, one.ask, left, *meta.ends
