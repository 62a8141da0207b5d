"""存在问题 and 下步工作: from the red lights and what the task force wrote of them."""

from collections.abc import Iterator
from datetime import date

from dashboard.board import Light, lights_of, red_units
from dashboard.brief.document import Block, Paragraph, Run, Section
from dashboard.brief.facts import Facts
from dashboard.brief.sections.common import (
    each_month,
    joined,
    lights,
    none_red,
    numbered,
    para,
    short,
    unjudged,
)
from dashboard.brief.sentences import breaks_zero, close, lasting, listed, stands
from dashboard.notes.record import STANDINGS, Annotation
from etl.policy import Clause, Indicator

NOBODY_WROTE = "各项滞后目标的具体措施待责任单位补充，先按文件要求推进："


def problems(facts: Facts) -> Section:
    """Each red target with the causes that were written, then those of the units and of other targets."""
    found = lights(facts)
    red = [light for light in found if light.tone == "red"]
    blocks: list[Block] = []
    unexplained = []
    for number, light in enumerate(red, 1):
        causes = "".join(_sentence(note.cause) for note in facts.notes if _is_of(note, light))
        blocks.append(_problem(facts, light, number, causes))
        unexplained += [] if causes else [str(number)]
    others = [note for note in facts.notes if not any(_is_of(note, light) for light in red)]
    blocks += _others(facts, others, len(red))
    if unexplained:
        which = f"第{listed(unexplained)}项" if len(red) > 1 else "该项"
        every = "以上各项" if len(unexplained) == len(red) > 1 and not others else which
        blocks.append(para(f"{every}的主要原因待责任单位分析补充。"))
    unknown = unjudged(facts, found)
    if not blocks:
        blocks = [para(none_red(facts, found) if unknown else "没有滞后的目标，也没有批注的问题。")]
    elif unknown:
        blocks.append(para(unknown))
    gist = [_headline(facts, light) for light in red] + [[unknown]] * bool(red and unknown)
    gist = gist or [[none_red(facts, found)]]
    return Section("problems", "存在问题", tuple(blocks), tuple(map(tuple, gist)))


def _headline(facts: Facts, light: Light) -> list[Run]:
    return [facts.policy.indicator(light.indicator).name, *_state(facts, light)]


def _state(facts: Facts, light: Light) -> list[Run]:
    return [*stands(facts.policy, light), "，", *lasting(facts.board, facts.policy, light), "。"]


def _problem(facts: Facts, light: Light, number: int, causes: str) -> Paragraph:
    name = facts.policy.indicator(light.indicator).name
    told = f"主要原因：{causes}" if causes else ""
    return para(_state(facts, light), _units(facts, light), told, lead=f"{number}．{name}。")


def _units(facts: Facts, light: Light) -> str:
    """Who else is red on it, of the city, the furthest behind first."""
    red = red_units(facts.board, facts.policy, light.indicator, light.period) if facts.of_city else []
    return f"县市区中滞后的有{listed(short(facts.policy, item.unit) for item in red)}。" if red else ""


def _others(facts: Facts, notes: list[Annotation], done: int) -> Iterator[Block]:
    for number, note in enumerate(notes, done + 1):
        indicator = facts.policy.indicator(note.indicator).name
        place = short(facts.policy, note.unit)
        yield para(_sentence(note.cause), lead=f"{number}．{place}{indicator}。")


def measures(facts: Facts) -> Section:
    """By clause: who is responsible, and the measures that were written with their time limits."""
    behind = _clauses(facts)
    parts = [
        (f"{clause.title}（第{clause.number}条）", list(_clause(facts, clause.number))) for clause in behind
    ]
    nothing = "没有可确认的滞后目标，数据不全的先补齐" if unjudged(facts, lights(facts)) else "没有滞后的目标"
    usual = f"{nothing}，继续按月监测。"
    blocks = tuple(numbered(parts)) or (para(usual),)
    gist = tuple((f"{clause.title}：{_first_measure(facts, clause.number)}",) for clause in behind)
    if behind and not any(note.measure for note in facts.notes):
        blocks = (para(NOBODY_WROTE), *blocks)
    return Section("measures", "下步工作", blocks, gist or ((usual,),))


def _clauses(facts: Facts) -> list[Clause]:
    """The clauses with a red light here, or an annotation with a measure."""
    found = lights_of(facts.board, facts.policy, facts.place, facts.period)
    ids = {light.indicator for light in found if light.tone == "red"} | {
        note.indicator for note in facts.notes
    }
    wanted = {item.clause for item in facts.indicators if item.id in ids}
    return [clause for clause in facts.policy.document.clauses if clause.number in wanted]


def _clause(facts: Facts, number: str) -> Iterator[Paragraph]:
    """What the document asks, what each red target takes, who is responsible; then the written measures."""
    red = [item for item in facts.indicators if item.clause == number and _is_red(facts, item.id)]
    pushed = [
        _push(facts, quote, [item for item in red if item.quote == quote])
        for quote in dict.fromkeys(item.quote for item in red)
    ]
    responsible = facts.policy.document.clause(number).responsible
    yield para(*pushed, f"责任单位：{responsible}。")
    for note in _written(facts, number):
        yield para(_measure(facts, note))


def _push(facts: Facts, quote: str, red: list[Indicator]) -> list[Run]:
    """What the document asks, once, and what each red target of it takes."""
    groups: list[list[Run]] = []
    for item in red:
        each = each_month(facts, item.id)
        aim = f"推动{item.name}{_aim(item, facts.light(item.id))}"
        groups.append([aim, *(["，", *each] if each else [])])
    return [f"对照「{close(quote).rstrip('。')}」的要求，", *joined(groups), "。"]


def _aim(indicator: Indicator, light: Light | None) -> str:
    if breaks_zero(indicator):
        return ""
    if indicator.direction == "<=":
        return "降到目标以内"
    return "回到序时进度" if light and light.pace is not None else "达到目标要求"


def _is_red(facts: Facts, indicator: str) -> bool:
    light = facts.light(indicator)
    return light is not None and light.tone == "red"


def _written(facts: Facts, number: str) -> list[Annotation]:
    return [
        note
        for note in facts.notes
        if note.measure and facts.policy.indicator(note.indicator).clause == number
    ]


def _first_measure(facts: Facts, number: str) -> str:
    notes = _written(facts, number)
    return (
        _sentence(notes[0].measure)
        if notes
        else f"责任单位{facts.policy.document.clause(number).responsible}。"
    )


def _measure(facts: Facts, note: Annotation) -> str:
    made = date.fromisoformat(facts.made_at[:10])
    due = f"，时限{note.due.year}年{note.due.month}月{note.due.day}日" if note.due else ""
    who = f"，责任单位{note.responsible}" if note.responsible else ""
    about = f"{short(facts.policy, note.unit)}{facts.policy.indicator(note.indicator).name}"
    return f"{about}：{note.measure.strip('。').replace(chr(10), '；')}（{STANDINGS[note.standing(made)]}{due}{who}）。"


def _is_of(note: Annotation, light: Light) -> bool:
    return note.indicator == light.indicator and note.unit == light.unit


def _sentence(words: str) -> str:
    """What somebody wrote as a sentence of its own."""
    text = words.replace("\n", "；").strip()
    return text if text.endswith(("。", "！", "？")) else f"{text.rstrip('；，、;,.')}。"
