"""资金 as HTML: what needs action, what was spent, what is left, growth beside support. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from dashboard import format, words
from dashboard.address import View, href
from dashboard.download import Cell
from dashboard.html import folded, link, panel, scrolled, spans, table, text
from dashboard.questions.payees import Years
from dashboard.questions.support import TOGETHER, Evaluation, Growth, Left, Payment, Spent, summed
from dashboard.store import Meta
from dashboard.words import Span
from etl.policy import Policy
from etl.support.claims import TOTAL
from etl.support.rules import Rules

SHOWN = 15
NEAR = Decimal("0.8")  # of the cap: from there on a payee is listed among those with little left
NO_EFFECT = (
    "两列只是并列，不能说明因果：增长还受订单、汇率、产能和基数影响，支持金额也不是增长的原因或结果；"
    "绩效结论以市商务局、市财政局的绩效评价为准。"
)
HEADER = (
    "核对结果", "拨付日期", "企业名称", "统一社会信用代码", "县市区", "事项", "项目", "申报基数（元）", "补助金额（元）",
    "允许金额（元）", "原因", "文件", "工作表", "行", "快照", "数据性质",
)  # fmt: skip


def yuan(amount: Decimal) -> str:
    """A sum to the fen, without its unit."""
    return f"{amount:,.2f}"


def sentence(policy: Policy, view: View, found: Sequence[Spent], day: str, whole: bool) -> str:
    """The page in two lines of words, by number only. day: up to which payments count; whole: or since the document alone."""
    place, until, since = policy.unit(view.unit), format.date(day), "" if whole else "文件印发以来的"
    if not found:
        said = [Span(f"截至{until}，{place.name}没有{since or '加载'}市级支持资金的拨付记录。")]
        why = "" if whole else f"<p>{words.WHOLE_YEARS}。</p>"
        return f'<div class="tk-sentence"><h1>{spans(said)}</h1>{why}</div>'
    number = Counter[str]()
    for item in found:
        number[item.verdict] += item.payments
    faulty = number.total() - number["ok"]
    first = [
        Span(f"截至{until}，"), Span(place.name, "", True), Span(f"{since}市级支持资金已付"),
        Span(format.money(summed(found)), "", True), Span(f"（{number.total():,}笔），"),
        Span(f"{faulty}笔需要处理" if faulty else "每笔都符合文件", "red" if faulty else "green", True), Span("。"),
    ]  # fmt: skip
    parts = [
        f"{words.VERDICTS[name][2]}{number[name]}笔"
        for name in words.VERDICTS
        if number[name] and name != "ok"
    ]
    over = sum((item.over_cny for item in found), Decimal(0))
    second = (
        "、".join(parts) + (f"；超出允许金额合计{format.money(over)}" if over else "") + "。" if parts else ""
    ) + ("" if whole else f"{words.WHOLE_YEARS}。")
    return f'<div class="tk-sentence"><h1>{spans(first)}</h1><p>{text(second)}</p></div>'


def kept_back(policy: Policy, view: View) -> str:
    """The page's first line where no sum may be told."""
    said = f"{policy.unit(view.unit).name}的支持资金还没有可以列示的合计：{words.WHOLE_YEARS}。"
    return f'<div class="tk-sentence"><h1>{text(said)}</h1></div>'


def pill(verdict: str) -> str:
    """A verdict as shape, word and colour."""
    tone, shape, word = words.VERDICTS[verdict]
    return f'<span class="tk-pill tk-{tone}"><span class="tk-shape" aria-hidden="true">{shape}</span>{word}</span>'


def winners(found: Sequence[Evaluation]) -> str:
    """The evaluations that paid too few: it is not known whether the others are still to come."""
    if not found:
        return ""
    rows = "".join(
        f'<li><span class="tk-pill tk-grey"><span class="tk-shape" aria-hidden="true">○</span>家数不足</span>'
        f"<span>{text(words.few_winners(one.item, one.year, one.winners))}</span></li>"
        for one in found
    )
    return panel("综合评价的家数", f'<ul class="tk-claims tk-few">{rows}</ul>')


def action(policy: Policy, view: View, found: Sequence[Payment], corrects: bool) -> str:
    """The payments that need action, the gravest first; each leads back to its row, and on to its correction."""
    order = list(words.VERDICTS)
    faulty = sorted(
        (item for item in found if item.verdict != "ok"), key=lambda item: order.index(item.verdict)
    )
    if not faulty:
        return panel("需要处理", '<p class="tk-empty">没有需要处理的拨付。</p>')
    inner = "".join(f"<li>{_payment(policy, view, item, corrects)}</li>" for item in faulty)
    return panel(
        "需要处理", f'<ul class="tk-claims">{inner}</ul>', "", text(f"{len(faulty)}笔，最严重的在前")
    )


def _payment(policy: Policy, view: View, item: Payment, corrects: bool) -> str:
    firm = link(href("firms", view, firm=item.uscc), text(item.firm or item.uscc))
    place = policy.unit(item.unit).short
    of = "，".join(part for part in (item.item, f"项目「{item.project}」" * bool(item.project)) if part)
    where = f"{item.file} {item.sheet}".strip() + f" 第{item.row}行"
    mend = link(href("support", view, payment=item.id), "更正", "tk-all") if corrects else ""
    twin = f"；另一笔在 {item.twin}" if item.twin else ""
    most = "暂不能判定" if item.allowed_cny is None else f"允许 <b>{yuan(item.allowed_cny)}</b> 元"
    return (
        f'<div class="tk-lead">{pill(item.verdict)}<b>{firm}</b><span>{text(f"{place}　{item.paid}　{of}")}</span>'
        f'<span class="tk-num">已付 {yuan(item.amount_cny)} 元，{most}</span></div>'
        f'<p class="tk-why">{text(item.reason)}<span class="tk-aside">来源：{text(where + twin)}</span>{mend}</p>'
    )


def spending(policy: Policy, rules: Rules, view: View, found: Sequence[Spent]) -> str:
    """What was paid, by item and by unit, each year beside the sum; bars from zero."""
    if not found:
        return ""
    names = {item.id: item.short for item in rules.items} | {TOGETHER: words.TOGETHER}
    by_item: dict[str, list[Spent]] = defaultdict(list)
    by_unit: dict[str, list[Spent]] = defaultdict(list)
    for one in found:
        by_item[names.get(one.item_id or "", words.NO_ITEM)].append(one)
        by_unit[one.unit].append(one)
    if set(by_item) == {words.TOGETHER}:
        items = _years("按年度", "", found, ())
    else:
        listed = [(name, by_item[name]) for name in (*names.values(), words.NO_ITEM)]
        items = _years("按事项", "事项", found, listed)
    units = [(unit.short, by_unit[unit.code]) for unit in policy.units]
    units.append((words.UNITS_TOGETHER, by_unit[TOGETHER]))
    whole = view.unit == policy.city.code
    return f'<div class="tk-pair">{items}{_years("按县市区", "县市区", found, units) if whole else ""}</div>'


def _years(
    title: str, name: str, found: Sequence[Spent], groups: Iterable[tuple[str, Sequence[Spent]]]
) -> str:
    years = sorted({one.years for one in found})
    kept = sorted(((named, each) for named, each in groups if each), key=lambda pair: -summed(pair[1]))
    most = max((summed(each) for _, each in kept), default=Decimal(0)) or Decimal(1)
    rows = "".join(_spent(named, each, years, most) for named, each in (*kept, ("合计", found)))
    named_years = (f"{first}年" if first == last else f"{first}—{last}年" for first, last in years)
    head = "".join(f'<th scope="col">{text(cell)}</th>' for cell in (name, "", "合计", "笔数", *named_years))
    inner = f'<table class="tk-table tk-spent"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return panel(title, scrolled(title, inner), "", "万元")


def _spent(name: str, found: Sequence[Spent], years: Sequence[Years], most: Decimal) -> str:
    cells = [summed(one for one in found if one.years == span) for span in years]
    width = min(Decimal(100), max(Decimal(0), summed(found) / most * 100)) if name != "合计" else 0
    bar = (
        f'<span class="tk-track"><i class="tk-bar-none" style="width:{width:.1f}%"></i></span>'
        if width
        else ""
    )
    figures = "".join(f"<td>{_wan(cell)}</td>" for cell in cells)
    whole, number = _wan(summed(found)), sum(one.payments for one in found)
    return f'<tr><th scope="row">{text(name)}</th><td>{bar}</td><td>{whole}</td><td>{number:,}</td>{figures}</tr>'


def _wan(value: Decimal) -> str:
    return format.decimal(value / format.WAN, 2) if value else format.DASH


def remaining(policy: Policy, rules: Rules, year: str, found: Sequence[Left]) -> str:
    """What payees still have: those with little left under the cap first, then every ceiling on demand.

    year: of which ceilings of a year are listed.
    """
    each = _ceilings(policy, rules, found, year)
    if rules.total is None:
        return panel("还可支持", each, "tk-firmlist", "文件没有各项合计的上限")
    if not found:
        return panel("还可支持", '<p class="tk-empty">还没有拨付，各项上限都没有动用。</p>')
    totals = sorted((one for one in found if one.item_id == TOTAL), key=lambda one: (one.left_cny, one.name))
    close = [one for one in totals if one.paid_cny >= NEAR * one.ceiling_cny]
    cap = format.money(rules.total.ceiling_cny)
    header = ("企业", "县市区", "已付", "还可支持")
    rows = [_total(policy, one) for one in close] or [("没有达到上限八成的企业", "", "", "")]
    inner = scrolled("接近上限", table("", header, rows, stacks=True))
    all_rows = [_total(policy, one) for one in totals]
    listed = folded(f"全部{len(totals)}家", scrolled("全部企业", table("", header, all_rows, stacks=True)))
    return panel(
        f"还可支持（每家企业各项合计{cap}）", inner + listed + each, "tk-firmlist", "已付到上限八成的企业"
    )


def _total(policy: Policy, one: Left) -> tuple[str | Span, ...]:
    over = one.paid_cny - one.ceiling_cny
    left = Span(f"超出{format.money(over)}", "red", True) if over > 0 else Span(format.money(one.left_cny))
    return one.name or one.holder, policy.unit(one.unit).short, format.money(one.paid_cny), left


def _ceilings(policy: Policy, rules: Rules, found: Sequence[Left], year: str) -> str:
    """Every ceiling of an item that was drawn on and still holds: for good, or of this year."""
    rows = []
    for item in rules.items:
        for one in found:
            if one.item_id == item.id and (not one.window or not one.window.isdigit() or one.window == year):
                rows.append((
                    f"{item.short}　{one.name or one.holder}", policy.unit(one.unit).short, one.window or "累计",
                    format.money(one.ceiling_cny), format.money(one.paid_cny), format.money(one.left_cny),
                ))  # fmt: skip
    header = ("事项和对象", "县市区", "范围", "上限", "已付", "还可支持")
    least = "还可支持的金额已按各项合计的上限取小；" if rules.total else ""
    note = f'<p class="tk-note">{least}年度上限只列本年。</p>'
    return folded(f"分事项上限（{len(rows)}条）", note + scrolled("分事项上限", table("", header, rows)))


def performance(
    policy: Policy, view: View, month: str, found: Sequence[Spent], grown: Mapping[str, Growth]
) -> str:
    """Support of the month's year beside the growth of trade in the same months, by unit; never a ratio, never an effect."""
    year = int(month[:4])
    alone = all(one.years == (year, year) for one in found if one.years[0] <= year <= one.years[1])
    rows = []
    for unit in policy.units:
        own = [one for one in found if unit.role == "city" or one.unit == unit.code]
        told = alone and (own or not _apart(found))
        paid = _wan(summed(one for one in own if one.years == (year, year))) if told else words.NOT_APART
        growth = grown.get(unit.code)
        if unit.role == "unassigned" or view.unit not in (policy.city.code, unit.code):
            continue
        then, now, more = (growth.then_cny, growth.now_cny, growth.more_cny) if growth else (None,) * 3
        share = float(more / then) if more is not None and then else None
        rows.append((unit.short, paid, format.yi(more), format.growth(share), format.yi(now)))
    months = f"{year}年{format.through(month)}"
    header = ("地区", "支持资金（万元）", "进出口增量（亿元）", "同比", "进出口（亿元）")
    inner = f'<p class="tk-note">{NO_EFFECT}</p>' + scrolled("绩效", table("", header, rows, stacks=True))
    return panel("绩效：支持资金与进出口增长并列", inner, "", text(months + "，增量为与上年同期之差"))


def _apart(found: Sequence[Spent]) -> bool:
    """Whether some units are not told apart, so that who has no sum of its own may have one that is not told."""
    return any(one.unit == TOGETHER for one in found)


def rows(policy: Policy, found: Iterable[Payment], meta: Meta) -> Iterator[tuple[Cell, ...]]:
    """Every payment with its verdict, to take along; sums in yuan."""
    for item in found:
        base, paid, allowed = (
            None if each is None else float(each)
            for each in (item.base_cny, item.amount_cny, item.allowed_cny)
        )
        yield (
            words.VERDICTS[item.verdict][2], str(item.paid), item.firm, item.uscc, policy.unit(item.unit).name, item.item,
            item.project, base, paid, allowed, item.reason, item.file, item.sheet, item.row, *meta.ends,
        )  # fmt: skip
