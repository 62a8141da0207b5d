"""Numbers in the field's words, by plain rules. Pure: each says what its number says and nothing else.

Growth is worked out from the two amounts, exactly; what is written is rounded, the word is chosen before. Amounts are
yuan. In Chinese law and in the document 「以上」 includes the number itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from dashboard import format, words
from dashboard.board import Board, Light, just_turned, level_of, run_of, shortfall
from dashboard.brief.document import Figure, Key, Run, Runs
from etl.policy import Indicator, Level, Policy

NO_DATA = "暂无数据"
NO_BASE = "基期为零"
STEADY = "持平"
NEARLY = "基本持平"
COLOURS = (("met", "已达标"), ("on_pace", "序时达标"), ("behind", "滞后"), ("no_data", NO_DATA))


def close(text: str) -> str:
    """A phrase as running text has it, without the spaces that figures have on a screen."""
    return text.replace(" ", "")


def rate(now: Decimal | None, base: Decimal | None) -> Fraction | None:
    """Growth over the base, exact; None where an amount is missing or the base is not above zero."""
    return None if now is None or base is None or base <= 0 else Fraction(now) / Fraction(base) - 1


def grown(now: Decimal | None, base: Decimal | None) -> str:
    """Growth in words: 「增长14.9%」, 「下降3.2%」, 「持平」, 「增长1.5倍」 from a doubling on; else why there is none."""
    if now is None or base is None:
        return NO_DATA
    if base == 0:
        return NO_BASE
    growth = rate(now, base)
    return "基期为负，不作比较" if growth is None else said(growth)


def said(growth: Fraction) -> str:
    """A growth in words; one decimal. What rounds to nothing is 「基本持平」, only no change at all is 「持平」."""
    if growth == 0:
        return STEADY
    percent = _rounded(abs(growth) * 100, 1)
    if not percent:
        return NEARLY
    if growth < 0:
        return f"下降{percent:,f}%"
    return f"增长{percent:,f}%" if percent < 100 else f"增长{_short(_rounded(growth, 1))}倍"


def growth(now: Decimal | None, base: Decimal | None, key: Key) -> Run:
    """Growth in words, as a figure of its own where there is one."""
    exact = rate(now, base)
    return grown(now, base) if exact is None else Figure(grown(now, base), about("growth", key), float(exact))


def compared(word: str, now: Decimal | None, base: Decimal | None, key: Key) -> Runs:
    """Growth behind its amount: 「，同比增长14.9%」, 「（同比基期为零）」."""
    if rate(now, base) is None:
        return (f"（{word}{grown(now, base)}）",)
    return f"，{word}", growth(now, base, key)


def about(kind: str, key: Key) -> Key:
    """The key of a figure that says something of another: its growth, its pace, its gap."""
    return replace(key, topic=f"{kind}:{key.topic}")


def money(value: Decimal | None, key: Key) -> Run:
    """An amount as running text has it; 「暂无数据」 where there is none."""
    return NO_DATA if value is None else Figure(format.money(value), key, float(value))


def amount(name: str, now: Decimal | None, base: Decimal | None, key: Key) -> Runs:
    """「出口189.61亿元，同比增长12.9%」; 「出口暂无数据」."""
    if now is None:
        return (f"{name}{NO_DATA}",)
    return name, money(now, key), *compared("同比", now, base, key)


def value(policy: Policy, light: Light) -> Run:
    """The light's value with its unit, as a figure that knows what it is of."""
    if light.value is None:
        return NO_DATA
    return Figure(close(str(words.value(policy, light))), key_of(light), light.value)


def key_of(light: Light) -> Key:
    """What a light's value is of."""
    return Key(light.indicator, light.unit, light.period)


def stands(policy: Policy, light: Light) -> Runs:
    """The value and where it stands; of a light without a value only why: 「暂无数据（缺少数据）」."""
    if light.value is None:
        return against(policy, light)
    return value(policy, light), "，", *against(policy, light)


def against(policy: Policy, light: Light) -> Runs:
    """Where the value stands: 「低于序时进度（9.54%）0.74个百分点」, 「已达标，高于目标8.5个百分点」."""
    indicator, level = level_of(policy, light)
    if light.status == "monitor":
        return ("不设目标，只作监测",)
    if light.value is None or light.gap is None:
        return (reason(light),)
    if light.status == "met":
        return _met(indicator, level, light)
    if light.status == "behind":
        return _behind(policy, indicator, level, light)
    return _on_pace(policy, indicator, level, light)


def reason(light: Light) -> str:
    """Why a light is grey or has no value: 「暂无数据（缺少数据）」, 「基期为零，已起步」; a red one never lacks data."""
    if light.note.startswith(NO_BASE) or light.status == "behind":
        return light.note
    return f"{NO_DATA}（{light.note}）" if light.note and light.note != NO_DATA else NO_DATA


def _apart(level: Level, light: Light, distance: float) -> Figure:
    return Figure(
        close(format.difference(level.kind, distance, level.unit)), about("gap", key_of(light)), abs(distance)
    )


def _pace(policy: Policy, light: Light) -> Runs:
    shown = close(str(words.pace(policy, light)))
    return "序时进度（", Figure(shown, about("pace", key_of(light)), light.pace), "）"


def _met(indicator: Indicator, level: Level, light: Light) -> Runs:
    if breaks_zero(indicator):
        return ("已达标",)
    if not light.gap:
        return ("已达标，正好达到目标" if light.target else "已达标，没有超出",)
    verb = "高于目标" if indicator.direction == ">=" else "快于目标" if level.kind == "days" else "低于上限"
    return f"已达标，{verb}", _apart(level, light, light.gap)


def breaks_zero(indicator: Indicator) -> bool:
    """Whether all that is asked is that there is some: how many more there are says nothing then."""
    return indicator.name.endswith("破零")


def _behind(policy: Policy, indicator: Indicator, level: Level, light: Light) -> Runs:
    if breaks_zero(indicator):
        return ("尚未破零",)
    apart = _apart(level, light, shortfall(light) or 0.0)
    if light.pace is not None and light.pace != light.target:
        verb = "低于" if indicator.direction == ">=" else "高于"
        return verb, *_pace(policy, light), apart
    if indicator.direction == ">=":
        return "距目标差" if level.kind == "count" else "低于目标", apart
    return "慢于目标" if level.kind == "days" else "超出上限", apart


def _on_pace(policy: Policy, indicator: Indicator, level: Level, light: Light) -> Runs:
    if level.pace == "parts" or light.pace is None:
        return ("各园区均达到序时进度",)
    if not (apart := shortfall(light)):
        return "与", *_pace(policy, light), "持平"
    verb = "高于" if indicator.direction == ">=" else "低于"
    return verb, *_pace(policy, light), _apart(level, light, apart)


def goal(policy: Policy, light: Light) -> Run:
    """The target in words: 「10%以上」, 「4个工作日以内」; 「不设目标」."""
    indicator, level = level_of(policy, light)
    if light.target is None:
        return "不设目标"
    bound = format.bound(level.kind, light.target, level.unit, indicator.direction, light.value)
    within = "以上" if indicator.direction == ">=" else "以内"
    said = close(str(bound)) + ("" if level.target == "measure" or not light.target else within)
    return Figure(said, about("target", key_of(light)), light.target)


def lasting(board: Board, policy: Policy, light: Light) -> Runs:
    """How long a red light has been red: 「已连续4个月滞后」; that it turned only where it did so this month."""
    months = run_of(policy, light)
    if months > 1:
        return "已连续", Figure(f"{months}个月", about("run", key_of(light)), months), "滞后"
    return ("本月转为滞后" if just_turned(board, light) else "本月滞后",)


def tally(lights: Sequence[Light], key: Key, of: str = "项目标", each: str = "项") -> Runs:
    """How many of each colour, of those that have one: 「13项目标中，已达标5项、序时达标3项、滞后5项」."""
    coloured = [light for light in lights if light.tone]
    if not coloured:
        return ("没有可判断的目标",)
    runs: list[Run] = [Figure(f"{len(coloured)}{of}", about("coloured", key), len(coloured)), "中"]
    between = "，"
    for status, name in COLOURS:
        number = sum(light.status == status for light in coloured)
        if number or status == "behind":
            runs += [f"{between}{name}", Figure(f"{number}{each}", about(status, key), number)]
            between = "、"
    return tuple(runs)


def moved(now: int | None, then: int | None) -> str:
    """A place against last month's: 「上升2位」, 「下降1位」, 「持平」; 「—」 where either is missing."""
    if now is None or then is None:
        return format.DASH
    return STEADY if now == then else f"{'上升' if now < then else '下降'}{abs(now - then)}位"


def listed(names: Iterable[str]) -> str:
    """Names joined."""
    return "、".join(names)


def _rounded(value: Fraction, digits: int) -> Decimal:
    """Half up, exact: no float comes between."""
    scale = 10**digits
    whole = (value * scale * 2 + 1) // 2
    return Decimal(int(whole)).scaleb(-digits)


def _short(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
