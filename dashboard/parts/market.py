"""The parts of 市场与商品 as HTML: markets, partners, concentration, modes, industries, goods, the public statistics. Pure.

None of them has a target, so none is coloured.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from dashboard import format, words
from dashboard.address import View
from dashboard.html import panel, spans, text
from dashboard.parts.breakdown import CONTRIBUTION, SHARE_CHANGE, breakdown, grown, share, top, traded
from dashboard.questions.market import Industries, Market, Window
from dashboard.questions.split import Part, Split
from dashboard.words import Span
from etl.industries import leading
from etl.policy import Policy
from etl.reference import Dated, Group, Reference
from etl.sources import BY_KIND

MOST_PARTNERS, MOST_MODES, MOST_CHAPTERS = 20, 10, 20
FIRST_PARTNERS = 5  # that the sentence adds up
MOST_MONTHS = 3  # named one by one
FEW = "部分项由少于3家企业构成，或一家占85%以上；为不推算出单个企业，对当前账号不列示。"


def laid_out(reference: Reference, found: Market, industry: str, public: str) -> str:
    """The panels in two columns; without declarations only those that need none. What few firms make up is named at the end."""
    if not found.splits:
        return f'<div class="tk-market"><div>{industry}</div><div>{public}</div></div>'
    group, partner, mode, chapter = (found.splits[name] for name in ("group", "partner", "mode", "chapter"))
    panels = {
        "按市场分组": "" if group.veiled else groups(reference, found.splits, found.window),
        "市场集中度": "" if partner.veiled else concentration(partner),
        "贸易伙伴": "" if partner.untold else partners(reference, partner),
        "贸易方式": "" if mode.untold else modes(reference, mode),
        "商品（章）": "" if chapter.untold else chapters(reference, chapter),
    }
    left = panels["按市场分组"] + panels["市场集中度"] + industry + panels["贸易方式"] + public
    kept_back = untold([name for name, html in panels.items() if not html])
    right = panels["贸易伙伴"] + panels["商品（章）"] + kept_back
    return f'<div class="tk-market"><div>{left}</div><div>{right}</div></div>'


def untold(names: Sequence[str]) -> str:
    """What is not shown to this viewer, in one panel."""
    if not names:
        return ""
    return panel("、".join(names), f'<p class="tk-empty">{FEW}</p>')


def sentence(policy: Policy, reference: Reference, view: View, found: Market) -> str:
    """The page in words: how much, the largest market, how concentrated."""
    said = [Span(span_name(found.window)), Span(policy.unit(view.unit).name, "", True)]
    whole = found.whole
    if whole is None:
        said.append(Span(f"{words.COLUMNS[view.flow]}：{_absent(found)}"))
    elif not found.splits["partner"].parts:
        said.append(Span(f"没有{words.COLUMNS[view.flow]}报关记录。"))
    else:
        said += _summary(reference, view, found.splits["partner"])
    return f'<div class="tk-sentence"><h1>{spans(said)}</h1></div>'


def span_name(window: Window) -> str:
    """「2026年1—10月」, 「2026年10月」, 「2025年11月—2026年10月」."""
    if window.first == window.last:
        return format.period(window.last)
    if window.first[:4] == window.last[:4]:
        return f"{window.first[:4]}年{int(window.first[5:])}—{int(window.last[5:])}月"
    return f"{format.period(window.first)}—{format.period(window.last)}"


def _absent(found: Market) -> str:
    return f"海关明细缺{_months(found.missing)}，不能按市场和商品拆分；请加载后再看，或换一个时段。"


def _months(missing: Sequence[str]) -> str:
    """「2025年9月、2025年10月」, with their number once they are many."""
    more = f"等{len(missing)}个月" if len(missing) > MOST_MONTHS else ""
    return "、".join(format.period(month) for month in missing[:MOST_MONTHS]) + more


def no_growth(found: Market) -> str:
    """Why growth is not known, in one line; empty where it is."""
    if not found.splits or not found.missing_before:
        return ""
    said = f"去年同期的海关明细缺{_months(found.missing_before)}，同比和占比变化暂无数据。"
    return f'<p class="tk-note tk-apart">{text(said)}</p>'


def _summary(reference: Reference, view: View, split: Split) -> list[Span]:
    index = split.concentration()
    said = [
        Span(f"{words.COLUMNS[view.flow]}"),
        Span(format.money(split.whole.value), "", True),
        Span(f"，同比{_growth(split.whole)}；"),
        *_largest(reference, split),
    ]
    if index is not None:
        said.append(Span(f"；集中度指数{_index(index)}"))
    return [*said, Span("。")]


def _largest(reference: Reference, split: Split) -> list[Span]:
    """The largest market and what the first five take; what is not told apart is named by no name and by no rank."""
    if not split.told:
        return [Span("各市场企业少，不逐项列示")]
    first, together = split.told[0], split.together
    least = together.value if together else Decimal(0)  # any smaller one may be passed by one not told apart
    name, took = reference.partners.get(first.code, first.code), format.percent(split.share(first))
    if first.value >= least:
        said = [Span("最大市场"), Span(name, "", True), Span(f"占{took}")]
    else:
        said = [Span("逐项列示的市场中"), Span(name, "", True), Span(f"最大，占{took}")]
    top, _ = split.top(FIRST_PARTNERS)
    if traded(split) > FIRST_PARTNERS and top[-1].value >= least:
        said.append(Span(f"，前{FIRST_PARTNERS}位占{format.percent(split.share(_together(top)))}"))
    if together is not None:
        rest = format.percent(split.share(together))
        said.append(Span(f"，其他企业少的市场合计占{rest}，不逐项列示"))
    return said


def _growth(part: Part) -> str:
    return "暂无数据" if part.before is None else grown(part)


def _together(parts: Sequence[Part]) -> Part:
    return Part("", sum((part.value for part in parts), Decimal(0)), None)


def _index(value: float | None) -> str:
    return format.DASH if value is None else format.decimal(value, 3)


def difference(view: View, whole: Part | None, row: Mapping[str, Any] | None) -> str:
    """How far the declarations are from the figure that wins for the place, in one line; empty where they agree."""
    wins = row[f"{view.span}_{view.flow}"] if row else None
    if row is None or whole is None or wins is None or wins == whole.value or _two_months(view, row):
        return ""
    apart = whole.value - wins
    share = format.figure("share", float(abs(apart) / abs(wins)) if wins else None, "%", "<=", (0.0,))
    label = BY_KIND[row["source"]].label
    more = "多" if apart > 0 else "少"
    said = (
        f"海关明细合计{format.money(whole.value)}，比{label}（{format.money(wins)}，总数以它为准）"
        f"{more}{format.money(abs(apart))}（{share}），以下拆分按海关明细。"
    )
    return f'<p class="tk-note tk-apart">{text(said)}</p>'


def _two_months(view: View, row: Mapping[str, Any]) -> bool:
    """Whether the table that wins has January and February in one figure, so that a month of them cannot be compared."""
    return bool(view.span == "month" and row["months"] != 1)


def groups(reference: Reference, splits: Mapping[str, Split], window: Window) -> str:
    """Every group, the largest first; those without trade too, for the span is covered."""
    split = splits["group"]
    found = {part.code for part in split.parts}
    base = None if split.whole.before is None else Decimal(0)
    quiet = (Part(group.name, Decimal(0), base) for group in reference.groups if group.name not in found)
    rows = breakdown("市场", split, (*split.parts, *quiet), text, SHARE_CHANGE)
    overlap = f"分组有重叠，占比相加会超过100%{_overlap(reference, splits['partner'], window)}。"
    scope = (
        *(f"{group.name}{group.note}" for group in reference.groups if group.note),
        *(_dated(reference, group) for group in reference.groups if group.dated),
    )
    notes = (overlap, f"口径：{'；'.join(scope)}。" if scope else "")
    said = "".join(f'<p class="tk-note">{text(note)}</p>' for note in notes if note)
    return panel("按市场分组", rows + said, "tk-breakdown")


def _overlap(reference: Reference, partners: Split, window: Window) -> str:
    """The largest partner that is in several groups at the span's end: 「，如越南同时计入东盟和RCEP成员」."""
    for part in partners.parts:
        names = reference.groups_of(part.code, window.last)
        if len(names) > 1 and part.value > 0:
            name = reference.partners.get(part.code, part.code)
            return f"，如{name}同时计入{'、'.join(names[:-1])}和{names[-1]}"
    return ""


def _dated(reference: Reference, group: Group) -> str:
    return group.name + "，".join(_membership(reference, dated) for dated in group.dated)


def _membership(reference: Reference, dated: Dated) -> str:
    since = f"自{format.period(dated.since)}起" if dated.since else ""
    until = f"至{format.period(dated.until)}止" if dated.until else ""
    return f"{since}{until}含{reference.partners[dated.code]}"


def partners(reference: Reference, split: Split) -> str:
    """The largest partners, and the others as one."""
    rows = top(
        "国别（地区）",
        split,
        MOST_PARTNERS,
        lambda code: text(reference.partners.get(code, code)),
        SHARE_CHANGE,
    )
    return panel("贸易伙伴", rows, "tk-breakdown", _count(split, MOST_PARTNERS))


def concentration(split: Split) -> str:
    """The index with what it means, the year before, and how much the largest take."""
    index = split.concentration()
    if index is None:
        return panel("市场集中度", '<p class="tk-empty">没有可以计算的市场。</p>')
    takes = (
        f"前{most}位 {format.percent(split.share(_together(split.top(most)[0])))}"
        for most in (1, 3, 5, 10)
        if most < traded(split)
    )
    inner = (
        f'<div class="tk-value"><b>{_index(index)}</b>'
        f"<span>去年同期 {_index(split.concentration_before())}</span></div>"
        f'<p class="tk-dots">{"".join(f"<span>{take}</span>" for take in takes)}</p>'
        f'<p class="tk-note">赫芬达尔指数（HHI）：各市场占比的平方和，0至1，越大越集中；现在的数相当于'
        f"{format.decimal(1 / index, 1)}个规模相同的市场。</p>"
    )
    return panel("市场集中度", inner)


def modes(reference: Reference, split: Split) -> str:
    """The customs modes, the largest first; those of cross-border e-commerce are marked."""
    rows = top(
        "监管方式", split, MOST_MODES, lambda code: _coded(code, reference.modes.get(code, "")), SHARE_CHANGE
    )
    online = _together([part for part in split.parts if part.code in reference.cbec_modes])
    note = (
        f'<p class="tk-note">其中跨境电商（{"、".join(reference.cbec_modes)}）占{share(split, online)}。</p>'
    )
    return panel("贸易方式", rows + note * (not split.veiled), "tk-breakdown")


def industries(policy: Policy, found: Industries | None) -> str:
    """The leading industries first, then what is in none of them."""
    if found is None:
        return panel("主导产业", '<p class="tk-empty">本时段的企业数据不全，不能按产业归集。</p>')
    split = found.split
    parts = {part.code: part for part in split.parts}
    base = None if split.whole.before is None else Decimal(0)
    named = leading(policy.folder)
    quiet = () if split.veiled else named  # what is veiled is not zero
    listed = [
        parts.get(name, Part(name, Decimal(0), base)) for name in named if name in parts or name in quiet
    ]
    unnamed = [part for part in split.parts if part.code not in named]
    rows = breakdown(
        "产业", split, (*listed, *unnamed), lambda code: text(code or "未登记产业"), CONTRIBUTION
    )
    months = "，1—2月合计" if found.two_months else ""
    return panel("主导产业", rows, "tk-breakdown", f"按企业名录归集，金额取企业数据{months}")


def chapters(reference: Reference, split: Split) -> str:
    """The largest chapters of goods, and the others as one."""
    rows = top("商品", split, MOST_CHAPTERS, lambda code: _chapter(reference, code), CONTRIBUTION)
    return panel("商品（章）", rows, "tk-breakdown", _count(split, MOST_CHAPTERS))


def _chapter(reference: Reference, code: str) -> str:
    section = reference.section(code)
    if section is None:
        return text(code)
    return f'<span title="第{text(section.number)}类 {text(section.name)}">{_coded(code, section.chapters[code])}</span>'


def _coded(code: str, name: str) -> str:
    return f'<span class="tk-code">{text(code)}</span> {text(name)}' if name else text(code)


def _count(split: Split, most: int) -> str:
    """How many there are; of those that are not told apart the number is not told either."""
    total = traded(split)
    if split.together is not None:
        return f"逐项列示{total}个" if total else ""
    return f"前{most}位，共{total}个" if total > most else f"共{total}个"
