"""The parts of 数据质量 as HTML: freshness, quarantine, reconciliation, confirmed holds, revisions. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from dashboard import format, words
from dashboard.address import View, href
from dashboard.board import STALE_AFTER_DAYS, is_stale
from dashboard.html import link, panel, scrolled, spans, table, text
from dashboard.questions.quality import Confirmed, FaultyFile, LeftAside, Revisions
from dashboard.store import Source
from dashboard.words import Span
from etl.diff import Change
from etl.faults import RULES
from etl.held import Held
from etl.policy import Policy
from etl.quarantine import Fault
from etl.reconcile import TOLERANCE, Check, Comparison

MOST_FAULTS = 200
MOST_REVISIONS = 50
MOST_HELD = 50
MOST_LEFT_ASIDE = 50
SIDES = ("前者", "后者", "差额", "差异率")


def outdated(sources: Iterable[Source], today: date) -> list[Source]:
    """Monthly kinds whose newest month ended, and ledgers that came, more than 60 days ago."""
    return [item for item in sources if _outdated(item, today)]


def _outdated(item: Source, today: date) -> bool:
    if item.monthly and item.latest_period:
        return is_stale(item.latest_period, today)
    return (today - item.loaded_at.date()).days > STALE_AFTER_DAYS


def sentence(
    sources: Sequence[Source],
    late: Sequence[Source],
    waiting: int,
    checks: Sequence[Check],
    confirmed: int,
    held: int = 0,
) -> str:
    """The page in one line of words."""
    names = "、".join(item.label for item in late)
    off = sum(bool(check.beyond) for check in checks)
    found = [
        Span(f"{len(sources)}类数据"),
        Span(f"{len(late)}类已过期", "red", True) if late else Span("都在时效内", "", True),
        Span(f"（{names}）" if late else ""),
        Span("，"),
        Span(f"{waiting}行待核" if waiting else "没有待核的行", "", True),
        Span("，" if held else ""),
        Span(f"{held}个文件扣留" if held else "", "red", True),
        Span("；"),
        *_reconciled(len(checks), off),
        Span(f"；{confirmed}处扣留经确认放行。" if confirmed else "。"),
    ]
    return f'<div class="tk-sentence"><h1>{spans(found)}</h1></div>'


def _reconciled(checks: int, off: int) -> list[Span]:
    if not checks:
        return [Span("本月没有可以互相核对的数据")]
    outcome = Span(f"{off}项差异超过0.5%", "red", True) if off else Span("差异都在0.5%以内", "", True)
    return [Span(f"本月{checks}项核对"), Span("中" if off else ""), outcome]


def freshness(sources: Sequence[Source], late: Sequence[Source]) -> str:
    """A row per kind of file: newest month, when loaded, files, and whether it is out of date."""
    rows = [
        (
            item.label,
            Span("▼ 已过期", "red", True) if item in late else Span("● 有效", "green"),
            item.latest_period or format.DASH,
            format.moment(item.loaded_at),
            str(item.files),
        )
        for item in sources
    ]
    header = ("数据", "时效", "最新月份", "最近加载", "文件数")
    note = f"按月的数据以最新月份结束后{STALE_AFTER_DAYS}天、台账以加载后{STALE_AFTER_DAYS}天为限。"
    return panel(
        "时效", f'{scrolled("时效", table("", header, rows))}<p class="tk-note">{note}</p>', "tk-fresh"
    )


def reconciliation(policy: Policy, checks: Sequence[Check], period: str) -> str:
    """One line a check with its largest difference; below, every unit that is beyond 0.5 %."""
    aside = format.period(period)
    if not checks:
        return panel("对账", '<p class="tk-empty">本月没有可以互相核对的数据。</p>', "tk-checks", aside)
    lines = scrolled(
        "对账",
        table("", ("核对", "比较", "超过0.5%", "差异最大", *SIDES), _checks(policy, checks), stacks=True),
    )
    beyond = [row for check in checks for row in check.beyond]
    rows = ((row.check, policy.unit(row.unit).short, *_sides(row)) for row in beyond)
    listed = scrolled("差异清单", table("", ("核对", "县市区", *SIDES), rows, stacks=True))
    below = f'<h3 class="tk-gap">差异超过0.5%的{len(beyond)}处</h3>{listed}' if beyond else ""
    note = "差额为前者减后者，差异率以较大一方为分母。只列出差异，不改动任何数值。"
    return panel("对账", f'{lines}{below}<p class="tk-note">{note}</p>', "tk-checks", aside)


def _checks(policy: Policy, checks: Iterable[Check]) -> Iterable[tuple[str | Span, ...]]:
    for check in checks:
        off = Span(f"▼ {len(check.beyond)}处", "red", True) if check.beyond else Span("● 无", "green")
        worst = policy.unit(check.worst.unit).short if check.worst.difference_cny else "完全一致"
        compared = "全市" if check.worst.unit == policy.city.code else f"{check.units}个单位"
        yield check.name, compared, off, worst, *_sides(check.worst)


def _sides(row: Comparison) -> tuple[str, str, str, str]:
    return (
        f"{row.left_source} {format.money(row.left_cny)}",
        f"{row.right_source} {format.money(row.right_cny)}",
        format.money(row.difference_cny) if row.difference_cny else format.DASH,
        str(format.figure("share", row.share, "%", "<=", (TOLERANCE,))),
    )


def quarantine(view: View, files: Sequence[FaultyFile], rules: Sequence[tuple[str, int]]) -> str:
    """How many rows wait, by file (each leads to its rows) and by what is wrong with them."""
    if not files:
        return panel("隔离", '<p class="tk-empty">没有隔离的行。</p>', "tk-counts")
    by_file = "".join(_file(view, item, files[0].rows) for item in files)
    inner = (
        f'<h3>按文件</h3><ul class="tk-tallies">{by_file}</ul>'
        f'<h3 class="tk-gap">按原因</h3>{rule_tallies(rules)}'
    )
    return panel("隔离", inner, "tk-counts", f"共{sum(item.rows for item in files)}行")


def rule_tallies(rules: Sequence[tuple[str, int]]) -> str:
    """How many cells broke each rule, the most first."""
    tallies = "".join(_tally(RULES.get(rule, rule), count, rules[0][1]) for rule, count in rules)
    return f'<ul class="tk-tallies">{tallies}</ul>'


def _file(view: View, item: FaultyFile, most: int) -> str:
    here = str(item.file_id) == view.file
    address = href("quality", view, file="" if here else str(item.file_id))
    inner = _bar(item.name, item.rows, most, "行")
    classes = "tk-tally tk-here" if here else "tk-tally"
    return f"<li>{link(address, inner, classes, '看全部文件' if here else '只看这个文件')}</li>"


def _tally(name: str, count: int, most: int) -> str:
    return f'<li class="tk-tally">{_bar(name, count, most, "处")}</li>'


def _bar(name: str, count: int, most: int, unit: str) -> str:
    width = count / most * 100
    return (
        f'<span>{text(name)}</span><span class="tk-track"><i style="width:{width:.1f}%"></i></span>'
        f'<span class="tk-num">{count}{unit}</span>'
    )


def fault_list(view: View, files: Sequence[FaultyFile], faults: Sequence[Fault] | None) -> str:
    """The quarantined cells of the chosen file, or of all; faults: None where the viewer may not see them."""
    chosen = [item for item in files if str(item.file_id) == view.file]
    total = sum(item.rows for item in chosen or files)
    if not total:
        return ""
    name = text(chosen[0].name) if chosen else "全部文件"
    back = link(href("quality", view, file=""), "看全部文件", "tk-all") if chosen else ""
    return panel("隔离的行", _faults(faults, total), "tk-faults", f"{name}，共{total}行 {back}")


def _faults(faults: Sequence[Fault] | None, total: int) -> str:
    if faults is None:
        return '<p class="tk-empty">逐行内容可能涉及企业身份，只向市领导、工作专班和数据加载人员显示。</p>'
    cut = f"只列出前{MOST_FAULTS}处，可点文件名分别查看；" if len(faults) == MOST_FAULTS else ""
    return f'{fault_table(faults)}<p class="tk-note">{cut}可下载更正表，改好标色的内容后加载；也可改好原文件重新加载。</p>'


def fault_table(faults: Iterable[Fault]) -> str:
    """A row a faulty cell: where it stands, what it holds, how to mend it."""
    rows = (
        (
            item.file,
            item.sheet or format.DASH,
            str(item.row),
            item.column or "整行",
            item.value or "（空）",
            item.advice,
        )
        for item in faults
    )
    return scrolled("隔离的行", table("", ("文件", "工作表", "行", "列", "内容", "怎么改"), rows))


def held(items: Sequence[Held]) -> str:
    """Files that wait for somebody to confirm them, or to send others; nothing where there are none."""
    if not items:
        return ""
    rows = (
        (
            item.name,
            item.label,
            "、".join(item.months) or format.DASH,
            "；".join(item.reasons) or format.DASH,
            format.moment(item.at),
        )
        for item in items[:MOST_HELD]
    )
    listed = scrolled("扣留待核", table("", ("文件", "数据", "月份", "为何扣留", "时间"), rows))
    note = "没有加载，已发布的数据不变。核对无误的，在「上传数据」页写明原因放行；有误的，改好后重新加载。"
    return panel(
        "扣留待核", f'{listed}<p class="tk-note">{note}</p>', "tk-confirmed", f"共{len(items)}个文件"
    )


def left_aside(items: Sequence[LeftAside]) -> str:
    """Columns and sheets of loaded files that nobody read: a header may be miswritten; nothing where there are none."""
    if not items:
        return ""
    rows = ((item.file, item.said) for item in items[:MOST_LEFT_ASIDE])
    listed = scrolled("没有读取的内容", table("", ("文件", "没有读取的内容"), rows))
    cut = f"只列出最近的{MOST_LEFT_ASIDE}处。" if len(items) > MOST_LEFT_ASIDE else ""
    note = f"{cut}不影响其余内容；如列名写错，请改正后重新加载。"
    return panel(
        "没有读取的内容", f'{listed}<p class="tk-note">{note}</p>', "tk-confirmed", f"共{len(items)}处"
    )


def confirmations(items: Sequence[Confirmed]) -> str:
    """Holds that somebody let in, with the reason and the time."""
    if not items:
        return panel("确认放行", '<p class="tk-empty">没有经确认放行的扣留。</p>', "tk-confirmed")
    rows = (
        (item.file, item.hold or format.DASH, item.reason or format.DASH, format.moment(item.confirmed_at))
        for item in items
    )
    listed = scrolled("确认放行", table("", ("文件", "为何扣留", "放行原因", "时间"), rows))
    return panel("确认放行", listed, "tk-confirmed", f"共{len(items)}处")


def revisions(policy: Policy, view: View, found: Revisions | None) -> str:
    """What the newest load changed: turned lights first, then other values; new months by number only."""
    if found is None:
        return panel("修订", '<p class="tk-empty">没有可以相比的上一个快照。</p>', "tk-revised")
    inner = change_list(found.changes, lambda item: _change(policy, view, item))
    return panel("修订", inner, "tk-revised", f"与快照 {text(found.before)} 相比")


def change_list(changes: Sequence[Change], draw: Callable[[Change], str]) -> str:
    """The sum of the changes, and a line for each that revises something, drawn as ready HTML."""
    changed = sorted((item for item in changes if not item.added), key=lambda item: not item.turned)
    shown = "".join(f"<li>{draw(item)}</li>" for item in changed[:MOST_REVISIONS])
    cut = f"只列出前{MOST_REVISIONS}处。" if len(changed) > MOST_REVISIONS else ""
    return f"<p>{text(summary(changes))}{cut}</p><ul>{shown}</ul>"


def summary(changes: Sequence[Change]) -> str:
    """How much changes, in one sentence: values revised, lights turned, months new."""
    changed = [item for item in changes if not item.added]
    added = sorted({item.period for item in changes if item.added})
    turned = sum(item.turned for item in changed)
    parts = [f"修订{len(changed)}处" + (f"，其中{turned}处变灯" if turned else "") if changed else "没有修订"]
    parts += [f"新增{'、'.join(added)}的数值"] if added else []
    return "；".join(parts) + "。"


def _change(policy: Policy, view: View, item: Change) -> str:
    address = href("indicator", view, indicator=item.indicator, unit=item.unit, period=item.period)
    return link(address, spans(words.revision(policy, item)))
