"""What the sections share: cells of lights, numerals, the lights in the order of reading, what turned."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from dashboard import format, words
from dashboard.board import Light, level_of, lights_of
from dashboard.brief.document import Block, Cell, Figure, Heading, Key, Paragraph, Run
from dashboard.brief.facts import Facts
from dashboard.brief.sentences import NO_DATA, close, reason
from dashboard.needs import TOO_LATE
from etl.policy import Policy

NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """1 → 「一」 … 10 → 「十」, 11 → 「十一」; up to 19."""
    return NUMERALS[number - 1] if number <= 10 else "十" + NUMERALS[number - 11]


def numbered(parts: Iterable[tuple[str, Iterable[Block]]]) -> Iterator[Block]:
    """Parts under second-level headings, those without anything left out: 「（一）外贸规模」."""
    filled = [(title, found) for title, blocks in parts if (found := list(blocks))]
    for number, (title, blocks) in enumerate(filled, 1):
        yield Heading(2, f"（{numeral(number)}）{title}")
        yield from blocks


TURNS = (
    ("red", "转为滞后"),
    ("green", "转为达标或序时达标"),
    ("grey", "转为暂无数据"),
    ("known", "由暂无数据转为有数据"),
)


def need(facts: Facts, indicator: str) -> list[Run]:
    """What the remaining months must each bring; nothing where that is not known."""
    if facts.needs.get(indicator) == TOO_LATE:
        return [f"按现有进度，{TOO_LATE}。"]
    each = each_month(facts, indicator)
    return ["按期达标，", *each, "。"] if each else []


def each_month(facts: Facts, indicator: str) -> list[Run]:
    """「月均需进口3.49亿元」, 「本年后续办结案件平均不超过3.6个工作日」; nothing where it is too late or not known."""
    each = facts.needs.get(indicator)
    if not each or each == TOO_LATE:
        return []
    figure = Figure(close(each), Key(f"need:{indicator}", facts.place, facts.period))
    return ["本年后续" if facts.policy.indicator(indicator).city.kind == "days" else "月均需", figure]


def para(*runs: Run | Iterable[Run], lead: str = "") -> Paragraph:
    """A paragraph from runs and groups of runs."""
    flat: list[Run] = []
    for run in runs:
        if isinstance(run, str) or not isinstance(run, Iterable):
            flat.append(run)
        else:
            flat.extend(run)
    return Paragraph(tuple(flat), lead)


def joined(groups: Sequence[Iterable[Run]], between: str = "；") -> list[Run]:
    """Groups of runs with a mark between them."""
    found: list[Run] = []
    for group in groups:
        found += [between] * bool(found) + list(group)
    return found


def lights(facts: Facts, unit: str = "") -> list[Light]:
    """A place's lights of the indicators in question: red, grey, green, monitors."""
    wanted = {item.id for item in facts.indicators}
    found = lights_of(facts.board, facts.policy, unit or facts.place, facts.period)
    return [light for light in found if light.indicator in wanted]


def short(policy: Policy, unit: str) -> str:
    """A unit's name in running text and tables."""
    return policy.unit(unit).short


def unjudged(facts: Facts, found: Iterable[Light]) -> str:
    """The targets of which nobody knows whether they are behind, with why; empty where there is none."""
    reasons: dict[str, list[str]] = {}
    for light in found:
        if light.tone == "grey":
            reasons.setdefault(light.note or NO_DATA, []).append(facts.policy.indicator(light.indicator).name)
    groups = "；".join(f"{'、'.join(names)}（{why}）" for why, names in reasons.items())
    return f"暂时不能判断是否滞后的目标有{groups}。" if groups else ""


def none_red(facts: Facts, found: Iterable[Light]) -> str:
    """What stands where no target is red; it claims no more than is known."""
    unknown = unjudged(facts, found)
    return f"没有可确认的滞后目标。{unknown}" if unknown else "没有滞后的目标。"


def noted(found: Iterable[Light], name: Callable[[Light], str]) -> str:
    """What is to be known of values that have a note, such as a pace without its base; empty where none has.

    「进口占比：基期（2023-12）无数据，序时进度从0起算。」; name: how a light is called there.
    """
    notes: dict[str, list[str]] = {}
    for light in found:
        if light.note and light.value is not None:
            notes.setdefault(light.note, []).append(name(light))
    return "".join(f"{'、'.join(names)}：{note}。" for note, names in notes.items())


def lamp(light: Light | None) -> Cell:
    """Shape and word of a light, in its colour."""
    if light is None:
        return Cell(format.DASH)
    return Cell(f"{words.SHAPE[light.status]}{words.STATUS[light.status]}", light.tone)


def value_cell(policy: Policy, light: Light) -> Cell:
    """A light's value with its unit."""
    key = Key(light.indicator, light.unit, light.period)
    return Cell(close(str(words.value(policy, light))), "", key, light.value)


def pace_cell(policy: Policy, light: Light) -> Cell:
    """The pace; 「—」 where the target has none."""
    return Cell(close(str(words.pace(policy, light))))


def goal_cell(policy: Policy, light: Light) -> Cell:
    """The target: 「≥10%」; 「—」 where the document sets one that cannot be counted yet, as of parks without a list."""
    indicator, level = level_of(policy, light)
    if light.target is None and light.status == "no_data":
        return Cell(format.DASH)
    return Cell(close(format.goal(indicator, replace(level, deadline="always"), light.target, light.value)))


def deadline_cell(policy: Policy, light: Light) -> Cell:
    """By when the target is to be reached; 「长期」 for one that always holds."""
    _, level = level_of(policy, light)
    if light.target is None and light.status != "no_data":
        return Cell(format.DASH)
    return Cell("长期" if level.deadline == "always" else format.deadline(level).strip("（）"))


def distance(policy: Policy, light: Light) -> str:
    """How far from pace or target, in brief: 「差0.74个百分点」, 「领先1家」; why there is none."""
    if light.value is None:
        return reason(light)
    return close(words.standing(policy, light)).split("，")[-1] or format.DASH


def turned(pairs: Iterable[tuple[Light, Light | None]]) -> dict[str, list[Light]]:
    """The lights that changed colour, from pairs of now and then; monitors never do.

    red, green: those that turned so from the other. grey: those that lost their colour. known: those that got one.
    """
    found: dict[str, list[Light]] = {name: [] for name, _ in TURNS}
    for now, then in pairs:
        if then and now.tone and then.tone and now.tone != then.tone:
            found["known" if then.tone == "grey" else now.tone].append(now)
    return found
