"""The parts of 企业 as HTML: tiers, near-line firms, movers, entries and exits, concentration. Pure."""

from collections.abc import Callable, Sequence
from typing import Protocol

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import Board, before
from dashboard.html import folded, link, panel, pill, scrolled, spans, text
from dashboard.questions.firm import Found
from dashboard.questions.firms import (
    Concentration,
    Mover,
    Moves,
    NearFirm,
    Passage,
    Tally,
    Tiers,
    address,
)
from dashboard.spark import curve
from dashboard.store import Forbidden
from dashboard.words import Span
from etl.policy import Indicator, Policy

SHOWN = 12
SPARK_MONTHS = 24
UNKNOWN = "本月没有近12个月的企业数据。"


class Named(Protocol):
    """A firm of any list: its code, name and unit."""

    @property
    def uscc(self) -> str:
        """统一社会信用代码."""

    @property
    def name(self) -> str:
        """Its name, which may be empty."""

    @property
    def unit(self) -> str:
        """The code of its unit."""


def allowed(title: str, draw: Callable[[], str], classes: str = "") -> str:
    """A part, or the one sentence that says why this viewer does not see it."""
    try:
        return draw()
    except Forbidden as error:
        return panel(title, f'<p class="tk-empty">{text(error)}</p>', classes)


def sentence(policy: Policy, view: View, tiers: Tiers, tally: Tally | None) -> str:
    """The page in two lines of words, by number only."""
    name = Span(policy.unit(view.unit).name, "", True)
    if tally is None:
        return f'<div class="tk-sentence"><h1>{spans([name, Span("：" + UNKNOWN)])}</h1></div>'
    lines = "、".join(
        f"{format.line(line)}以上{tiers.reached[line, view.period]}家" for line in reversed(tiers.lines)
    )
    first = [
        name,
        Span("近12个月有进出口的企业"),
        Span(f"{tally.trading:,}家", "", True),
        Span(f"，其中{lines}；近线"),
        Span(f"{tally.near}家", "", True),
        Span("。"),
    ]
    parts = (
        _moved("与上月相比", tally.month, "升档", "降档"),
        _moved("与去年12月相比", tally.december, "升档", "降档"),
        _moved("一年来", tally.passages, "新进", "退出"),
    )
    second = Span("；".join(part for part in parts if part) + "。")
    return f'<div class="tk-sentence"><h1>{spans(first)}</h1><p>{spans([second])}</p></div>'


def _moved(since: str, moves: Moves | None, up: str, down: str) -> str:
    return "" if moves is None else f"{since}{up}{moves.up}家、{down}{moves.down}家"


def tier_cards(board: Board, policy: Policy, view: View, tiers: Tiers) -> str:
    """A card a line: firms that reach it, against last month and a year ago, over time; its light if it has one."""
    if view.period not in tiers.periods:
        return ""
    return "".join(_tier(board, policy, view, tiers, line) for line in tiers.lines)


def _tier(board: Board, policy: Policy, view: View, tiers: Tiers, line: int) -> str:
    indicator = _judging(policy, line)
    light = board.light(indicator.id, view.unit, view.period) if indicator else None
    months = tiers.periods[-SPARK_MONTHS:]
    against = "".join(
        f"<span>{name} {_against(tiers, line, view.period, then)}</span>"
        for name, then in (("上月", before(view.period)), ("去年同月", before(view.period, 12)))
    )
    title = f"<h3>{format.line(line)}以上</h3>"
    head = link(href("indicator", view, indicator=indicator.id), title) if indicator else title
    inner = (
        f'<div class="tk-head">{head}</div>'
        f'<div class="tk-value"><b>{tiers.reached[line, view.period]}</b><span>家</span>'
        f"{pill(light, words.why(policy, light)) if light and light.tone else ''}</div>"
        f'<p class="tk-against">{against}</p>'
        f"{curve([tiers.reached[line, at] for at in months])}"
        f'<div class="tk-foot">近线{tiers.near[line, view.period]}家</div>'
    )
    return panel("", inner, "tk-tier")


def _judging(policy: Policy, line: int) -> Indicator | None:
    """The indicator that counts the firms over that line."""
    return next((item for item in policy.indicators if item.parameters.get("threshold_cny") == line), None)


def _against(tiers: Tiers, line: int, now: str, then: str) -> str:
    count = tiers.reached.get((line, then))
    if count is None:
        return format.DASH
    return f"{count}家（{format.decimal(tiers.reached[line, now] - count, 0, signed=True)}）"


def concentration(found: Concentration | None) -> str:
    """Shares of the largest firms, and what the index means in firms of equal size."""
    if found is None:
        return panel("集中度", f'<p class="tk-empty">{UNKNOWN}</p>', "tk-tier")
    rows = (
        ("前5家占比", format.percent(found.top5)),
        ("前20家占比", format.percent(found.top20)),
        ("集中度指数（HHI）", format.decimal(found.hhi, 3)),
    )
    inner = "".join(
        f'<div class="tk-pairline"><span>{name}</span><b>{value}</b></div>' for name, value in rows
    )
    equal = format.decimal(1 / found.hhi, 0)
    note = f"指数为各企业占比的平方和，1为一家独占；现在相当于{equal}家同样大小的企业。"
    return panel(
        "", f'<div class="tk-head"><h3>集中度</h3></div>{inner}<p class="tk-note">{note}</p>', "tk-tier"
    )


def near_line(policy: Policy, view: View, found: Sequence[NearFirm]) -> str:
    """The near-line firms, the least missing first; each leads to its own page."""
    rows = [
        _row(
            policy,
            view,
            item,
            format.money(item.ttm_cny),
            format.line(int(item.line_cny)),
            format.money(item.missing_cny),
        )
        for item in found
    ]
    share = format.decimal(policy.document.near_line_share * 100, 0)
    note = f'<p class="tk-note">近线：近12个月进出口达到下一档的{share}%，还没有达到下一档。</p>'
    listed = _listed("近线企业", ("近12个月", "下一档", "还差"), rows, "本月没有近线企业。")
    return panel("近线企业", listed + note, "tk-firmlist", f"{len(found)}家，还差最少的在前")


def movers(policy: Policy, view: View, found: Sequence[Mover], title: str, lines: Sequence[int]) -> str:
    """The firms in another tier than before: up first."""
    rows = [
        _row(
            policy, view, item, _step(item, lines), format.money(item.before_cny), format.money(item.ttm_cny)
        )
        for item in found
    ]
    up = sum(item.tier > item.tier_before for item in found)
    listed = _listed(title, ("档次", "当时近12个月", "现在近12个月"), rows, "没有企业升档或降档。")
    return panel(title, listed, "tk-firmlist", f"升档{up}家，降档{len(found) - up}家")


def _step(item: Mover, lines: Sequence[int]) -> str:
    """「▲ 升到1亿元以上」."""
    up = item.tier > item.tier_before
    name = f"{format.line(lines[item.tier - 1])}以上" if item.tier else f"{format.line(lines[0])}以下"
    return f"{'▲ 升' if up else '▼ 降'}到{name}"


def passages(policy: Policy, view: View, found: Sequence[Passage], known: bool) -> str:
    """Entries and exits side by side, with what the words mean."""
    came = [item for item in found if item.came]
    went = [item for item in found if not item.came]
    tables = "".join(
        f"<div><h3>{title} {len(items)}家</h3>"
        + _listed(
            title,
            (span,),
            [_row(policy, view, item, format.money(item.value_cny)) for item in items],
            "没有。",
        )
        + "</div>"
        for title, span, items in (("新进", "近12个月", came), ("退出", "此前12个月", went))
    )
    note = "新进：近12个月有进出口，此前12个月没有；退出：此前12个月有，近12个月没有。"
    if not known:
        return panel("新进与退出", '<p class="tk-empty">没有此前12个月的数据可比。</p>', "tk-firmlist")
    inner = f'<div class="tk-pair">{tables}</div><p class="tk-note">{note}</p>'
    return panel("新进与退出", inner, "tk-firmlist tk-passages")


def results(policy: Policy, view: View, found: Found) -> str:
    """What a search met, the largest first."""
    rows = [_row(policy, view, item, text(item.uscc), format.money(item.ttm_cny)) for item in found.firms]
    cut = f"，只列最大的{len(found.firms)}家" if found.total > len(found.firms) else ""
    back = link(href("firms", view, find="", firm=""), "不找了", "tk-all")
    listed = _listed(
        "查找结果", ("统一社会信用代码", "近12个月"), rows, "没有名称或信用代码含有这些字的企业。"
    )
    return panel(f"查找「{view.find}」", listed, "tk-firmlist", f"{found.total}家{cut} {back}")


def _row(policy: Policy, view: View, item: Named, *cells: str) -> tuple[str, ...]:
    """The cells of one firm as ready HTML: its name as a link, its unit, what the list says of it."""
    head = link(address(view, item.uscc), text(item.name or item.uscc))
    return head, text(policy.unit(item.unit).short), *cells


def _listed(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> str:
    """The first rows as a table, the rest folded."""
    if not rows:
        return f'<p class="tk-empty">{empty}</p>'
    rest = rows[SHOWN:]
    more = folded(f"其余{len(rest)}家", scrolled(f"{title}其余", _table(header, rest))) if rest else ""
    return scrolled(title, _table(header, rows[:SHOWN])) + more


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose cells know their column's name, which a phone shows beside them."""
    names = ("县市区", *header)
    marks = ("", *(f' data-name="{text(name)}"' for name in header))
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in ("企业", *names))
    body = "".join(
        f'<tr><th scope="row">{first}</th>'
        + "".join(f"<td{mark}>{cell}</td>" for mark, cell in zip(marks, cells, strict=True))
        + "</tr>"
        for first, *cells in rows
    )
    return f'<table class="tk-table tk-stacks"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
