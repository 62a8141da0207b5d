"""One firm's page as HTML: who it is, its trade over time, rebates, support, and the rows it rests on. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dashboard import format
from dashboard.address import View, href
from dashboard.html import folded, link, panel, scrolled, table, text
from dashboard.parts import trail
from dashboard.questions.firm import Month, Origin, Payment, Profile, Rebates, Span
from dashboard.widgets import totals
from etl.policy import Policy

TRAIL_MONTHS = 36
BASES = {"registry": "企业名录", "uscc": "信用代码第3—8位", "unassigned": "无法判断"}
NOBODY = "没有代码为「{}」的企业，请核对统一社会信用代码，或按名称查找。"


def page(policy: Policy, view: View, found: Profile | None) -> str:
    """The whole page of a firm; one sentence for a code that nobody has."""
    back = link(href("firms", view, firm=""), "返回企业名单", "tk-all")
    if found is None:
        return panel("企业", f'<p class="tk-empty">{text(NOBODY.format(view.firm))}</p>', aside=back)
    now = next((month for month in found.months if month.period == view.period), None)
    return (
        _head(policy, found, now, back)
        + '<div class="tk-firm">'
        + totals(_figures(now) if now else None, view.period, "进出口")
        + _spans(policy, found.spans)
        + _trails(policy, found.months[-TRAIL_MONTHS:])
        + _rebates(found.rebates)
        + _support(policy, found.support)
        + _origins(found.origins, now)
        + "</div>"
    )


def _head(policy: Policy, found: Profile, now: Month | None, back: str) -> str:
    firm = found.firm
    span = found.spans[-1] if found.spans else None
    former = dict.fromkeys(item.name for item in found.spans if item.name and item.name != firm.name)
    facts = [
        ("统一社会信用代码", firm.uscc),
        ("曾用名", "、".join(former)),
        ("县市区", f"{policy.unit(firm.unit).name}（依据：{BASES[now.basis if now else 'registry']}）"),
        ("档次", _tier(policy, firm.ttm_cny, now)),
        *_registered(span),
    ]
    shown = "".join(f"<div><dt>{name}</dt><dd>{text(said)}</dd></div>" for name, said in facts if said)
    inner = (
        f'<div class="tk-head"><h1>{text(firm.name or firm.uscc)}</h1><span class="tk-back">{back}</span></div>'
        f'<dl class="tk-facts">{shown}</dl>'
    )
    return panel("", inner, "tk-one")


def _registered(span: Span | None) -> list[tuple[str, str]]:
    if span is None:
        return [("企业名录", "没有登记")]
    named = (
        ("园区", span.park),
        ("产业", span.industry),
        ("集群", span.cluster),
        ("出口退税管理类别", span.rebate_class and f"{span.rebate_class}类"),
        ("AEO高级认证", span.aeo),
    )
    return [(name, said or format.DASH) for name, said in named]


def _tier(policy: Policy, ttm: Decimal | None, now: Month | None) -> str:
    if ttm is None or now is None or now.ttm.total_cny is None:
        return ""
    reached = [line for line in policy.document.tiers_cny if ttm >= line]
    name = (
        f"{format.line(reached[-1])}以上" if reached else f"{format.line(policy.document.tiers_cny[0])}以下"
    )
    if now.next_cny is None:
        return name
    return f"{name}，距{format.line(int(now.next_cny))}还差{format.money(now.next_cny - ttm)}"


def _figures(month: Month) -> Mapping[str, Any]:
    """A month as the row that the panel of totals takes."""
    row: dict[str, Any] = {"months": month.months}
    for span, flows in (("month", month.month), ("ytd", month.ytd), ("ttm", month.ttm)):
        row |= {
            f"{span}_total": flows.total_cny,
            f"{span}_export": flows.export_cny,
            f"{span}_import": flows.import_cny,
        }
    pairs = {
        "total": (month.ytd.total_cny, month.last_year.total_cny),
        "export": (month.ytd.export_cny, month.last_year.export_cny),
        "import": (month.ytd.import_cny, month.last_year.import_cny),
    }
    return row | {f"yoy_{name}": growth(now, then) for name, (now, then) in pairs.items()}


def growth(now: Decimal | None, then: Decimal | None) -> float | None:
    """Growth as a fraction; None where either is missing or the base is not above zero."""
    return None if now is None or then is None or then <= 0 else float(now / then) - 1


def _trails(policy: Policy, months: Sequence[Month]) -> str:
    """Month, year so far and twelve months, each in a chart of its own; below them the same as a table."""
    if not months:
        return panel("走势", '<p class="tk-empty">没有逐月数据。</p>', "tk-trails")
    line = months[-1].next_cny
    charts = (
        trail.bars("当月", [_month(item) for item in months])
        + trail.bars("累计", [_point(item, item.ytd.total_cny) for item in months])
        + trail.line(
            "近12个月",
            [_point(item, item.ttm.total_cny) for item in months],
            None if line is None else float(line),
            "" if line is None else f"下一档 {format.line(int(line))}",
        )
    )
    rows = [
        (
            item.period,
            policy.unit(item.unit).short,
            _month(item).shown,
            format.money(item.ytd.total_cny),
            format.money(item.ttm.total_cny),
        )
        for item in reversed(months)
    ]
    data = table("逐月进出口", ("统计月份", "县市区", "当月", "累计", "近12个月"), rows)
    inner = f'<div class="tk-trailrow">{charts}</div>{folded("数据表", data)}'
    return panel("走势", inner, "tk-trails")


def _month(item: Month) -> trail.Point:
    """The month's trade, which in February may be that of two months."""
    point = _point(item, item.month.total_cny)
    return replace(point, shown=f"1—2月 {point.shown}") if item.months == 2 else point


def _point(month: Month, value: Decimal | None) -> trail.Point:
    return trail.Point(month.period, None if value is None else float(value), format.money(value))


def _spans(policy: Policy, spans: Sequence[Span]) -> str:
    rows = [
        (
            _dates(item),
            policy.unit(item.unit).short,
            *(cell or format.DASH for cell in (item.name, item.park, item.cluster)),
        )
        for item in reversed(spans)
    ]
    return _listed(
        "归属沿革",
        ("起止", "县市区", "企业名称", "园区", "集群"),
        rows,
        "企业名录没有登记这家企业，按信用代码归属。",
    )


def _dates(span: Span) -> str:
    begins = "起初" if span.valid_from <= date(1900, 1, 1) else f"{span.valid_from}"
    ends = "至今" if span.valid_to >= date(9999, 12, 31) else f"至{span.valid_to - timedelta(days=1)}"
    return f"{begins}{ends}"


def _rebates(found: Sequence[Rebates]) -> str:
    rows = [
        (
            f"{item.year}年",
            str(item.cases),
            str(item.normal),
            format.DASH if item.days is None else f"{format.decimal(item.days, 1)} 个工作日",
            format.money(item.amount_cny),
        )
        for item in found
    ]
    header = ("办结年份", "案件", "其中正常", "正常案件平均", "退税额")
    return _listed("出口退税", header, rows, "没有办结的退税案件。", classes="tk-allfigures")


def _support(policy: Policy, found: Sequence[Payment]) -> str:
    rows = [(item.item, str(item.paid), format.money(item.amount_cny)) for item in found]
    header = ("事项", "拨付日期", "金额")
    return _listed("市级支持资金", header, rows, "没有拨付记录。", _left(policy, found), "tk-lastfigure")


def _left(policy: Policy, found: Sequence[Payment]) -> str:
    """What all support together leaves under the cap, from the day on that the cap counts."""
    capped = next((item.parameters for item in policy.indicators if "cap_cny" in item.parameters), None)
    if not found or capped is None:
        return ""
    cap, since = Decimal(capped["cap_cny"]), capped["since"]
    paid = sum((item.amount_cny for item in found if str(item.paid) >= since), Decimal(0))
    left = f"还可支持{format.money(cap - paid)}" if paid <= cap else f"超出{format.money(paid - cap)}"
    return f"{since}以来合计{format.money(paid)}，上限{format.money(cap)}，{left}"


def _origins(found: Sequence[Origin], now: Month | None) -> str:
    rows = [
        (
            item.file,
            item.sheet or format.DASH,
            _rows(item),
            format.money(item.month_cny),
            "采用" if now and now.source == item.kind else "仅核对",
        )
        for item in found
    ]
    header = ("文件", "工作表", "行", "当月合计", "用途")
    return _listed("本月数据来自", header, rows, "本月没有这家企业的来源行：表中没有列出，按零计。")


def _rows(item: Origin) -> str:
    if item.rows == 1:
        return f"第{item.first}行"
    return f"第{item.first}至{item.last}行中的{item.rows}行"


def _listed(
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    empty: str,
    aside: str = "",
    classes: str = "",
) -> str:
    """A table of the page. classes: where its figures stand, to the right like all figures; texts stand to the left."""
    inner = (
        scrolled(title, table("", header, rows, stacks=True)) if rows else f'<p class="tk-empty">{empty}</p>'
    )
    return panel(title, inner, f"tk-firmlist {classes}", text(aside))
