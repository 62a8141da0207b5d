"""Numbers in the field's words, by plain rules. Pure: each says what its number says and nothing else.

Growth is worked out from the two amounts, exactly; what is written is rounded, the word is chosen before. Amounts are
yuan. In Chinese law and in the document 「以上」 includes the number itself.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from dashboard import format, words
from dashboard.board import Light, level_of, run_of, shortfall
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


def compared(word: str, now: Decimal | None, base: Decimal | None) -> str:
    """Growth behind its amount: 「，同比增长14.9%」, 「（同比基期为零）」."""
    text = grown(now, base)
    return f"，{word}{text}" if rate(now, base) is not None else f"（{word}{text}）"


def money(value: Decimal | None, key: Key) -> Run:
    """An amount as running text has it; 「暂无数据」 where there is none."""
    return NO_DATA if value is None else Figure(format.money(value), key, float(value))


def amount(name: str, now: Decimal | None, base: Decimal | None, key: Key) -> Runs:
    """「出口189.61亿元，同比增长12.9%」; 「出口暂无数据」."""
    if now is None:
        return (f"{name}{NO_DATA}",)
    return name, money(now, key), compared("同比", now, base)


def value(policy: Policy, light: Light) -> Run:
    """The light's value with its unit, as a figure that knows what it is of."""
    if light.value is None:
        return NO_DATA
    key = Key(light.indicator, light.unit, light.period)
    return Figure(close(str(words.value(policy, light))), key, light.value)


def against(policy: Policy, light: Light) -> str:
    """Where the value stands: 「低于序时进度（9.54%）0.74个百分点」, 「已达标，高于目标8.5个百分点」."""
    indicator, level = level_of(policy, light)
    if light.status == "monitor":
        return "不设目标，只作监测"
    if light.value is None or light.gap is None:
        return reason(light)
    if light.status == "met":
        return _met(indicator, level, light)
    return _behind(indicator, level, light) if light.status == "behind" else _on_pace(indicator, level, light)


def reason(light: Light) -> str:
    """Why a light is grey, or has no value: 「暂无数据（缺少数据）」, 「基期为零，已起步」."""
    if light.note.startswith(NO_BASE):
        return light.note
    return f"{NO_DATA}（{light.note}）" if light.note and light.note != NO_DATA else NO_DATA


def _met(indicator: Indicator, level: Level, light: Light) -> str:
    apart = close(format.difference(level.kind, light.gap or 0.0, level.unit))
    if not light.gap:
        return "已达标，正好达到目标" if light.target else "已达标，没有超出"
    verb = "高于目标" if indicator.direction == ">=" else "快于目标" if level.kind == "days" else "低于上限"
    return f"已达标，{verb}{apart}"


def _behind(indicator: Indicator, level: Level, light: Light) -> str:
    apart = close(format.difference(level.kind, shortfall(light) or 0.0, level.unit))
    if light.pace is not None and light.pace != light.target:
        pace = close(str(format.bound(level.kind, light.pace, level.unit)))
        return f"{'低于' if indicator.direction == '>=' else '高于'}序时进度（{pace}）{apart}"
    if indicator.direction == ">=":
        return f"距目标差{apart}" if level.kind == "count" else f"低于目标{apart}"
    return f"慢于目标{apart}" if level.kind == "days" else f"超出上限{apart}"


def _on_pace(indicator: Indicator, level: Level, light: Light) -> str:
    if level.pace == "parts" or light.pace is None:
        return "各园区均达到序时进度"
    pace, apart = close(str(format.bound(level.kind, light.pace, level.unit))), shortfall(light)
    if not apart:
        return f"与序时进度（{pace}）持平"
    verb = "高于" if indicator.direction == ">=" else "低于"
    return f"{verb}序时进度（{pace}）{close(format.difference(level.kind, apart, level.unit))}"


def goal(policy: Policy, light: Light) -> str:
    """The target in words: 「10%以上」, 「4个工作日以内」; 「不设目标」."""
    indicator, level = level_of(policy, light)
    if light.target is None:
        return "不设目标"
    bound = close(str(format.bound(level.kind, light.target, level.unit)))
    if level.target == "measure" or not light.target:
        return bound
    return f"{bound}{'以上' if indicator.direction == '>=' else '以内'}"


def lasting(policy: Policy, light: Light) -> str:
    """How long a red light has been red: 「已连续4个月滞后」."""
    months = run_of(policy, light)
    return f"已连续{months}个月滞后" if months > 1 else "本月转为滞后"


def tally(lights: Sequence[Light]) -> str:
    """How many of each colour, of those that have one: 「13项目标中，已达标5项、序时达标3项、滞后5项」."""
    coloured = [light for light in lights if light.tone]
    counts = [(name, sum(light.status == status for light in coloured)) for status, name in COLOURS]
    listed_ = "、".join(f"{name}{number}项" for name, number in counts if number or name == "滞后")
    return f"{len(coloured)}项目标中，{listed_}" if coloured else "没有可判断的目标"


def moved(now: int | None, then: int | None) -> str:
    """A place against last month's: 「上升2位」, 「下降1位」, 「持平」; 「—」 where either is missing."""
    if now is None or then is None:
        return format.DASH
    return STEADY if now == then else f"{'上升' if now < then else '下降'}{abs(now - then)}位"


def listed(names: Iterable[str], most: int = 0) -> str:
    """Names joined; beyond ``most`` only how many there are: 「道县、宁远县等5个县市区」 needs its noun after it."""
    found = list(names)
    return "、".join(found[:most]) + f"等{len(found)}个" if most and len(found) > most else "、".join(found)


def through(period: str) -> str:
    """The months of a cumulative: 「1—10月」, 「1月」."""
    month = int(period[5:])
    return f"1—{month}月" if month > 1 else "1月"


def _rounded(value: Fraction, digits: int) -> Decimal:
    """Half up, exact: no float comes between."""
    scale = 10**digits
    whole = (value * scale * 2 + 1) // 2
    return Decimal(int(whole)).scaleb(-digits)


def _short(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
