"""Which parts made a whole move: exact contributions that add up to the change. Pure.

A whole (the city) is made of parts (units, zones, 未归属). Whatever the parts leave of the whole, because the city's
own total row says otherwise or a part is missing in one of the two months, is a part of its own, ``rest``: so the
contributions always add up to the change, to the last digit.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from etl.policy import Kind
from etl.spans import Ratio

REST = "rest"
Way = Literal["sum", "ratio", "growth"]
WAY_OF: dict[Kind, Way] = {
    "share": "ratio",
    "days": "ratio",
    "growth": "growth",
    "count": "sum",
    "money": "sum",
}
HALF = Fraction(1, 2)
NONE = Fraction(0)


@dataclass(frozen=True)
class Share:
    """One part of a quotient's whole: its numerator and denominator, exact."""

    numerator: Fraction
    denominator: Fraction


@dataclass(frozen=True)
class Contribution:
    """What one part added to the change of the whole. within + mix = total.

    within: by its own value's change; mix: by its weight's change. Ways other than ``ratio`` know within only.
    """

    part: str
    within: Fraction
    mix: Fraction

    @property
    def total(self) -> Fraction:
        """All that the part added."""
        return self.within + self.mix


@dataclass(frozen=True)
class Change:
    """A whole's change between two months, taken apart. The contributions add up to after − before exactly."""

    before: Fraction
    after: Fraction
    contributions: tuple[Contribution, ...]


def change(way: Way, whole: tuple[Ratio, Ratio], parts: Mapping[str, tuple[Ratio, Ratio]]) -> Change | None:
    """The change of the whole from the first of each pair to the second; None where it has no value in one of them.

    Raises KeyError for a way that is not known.
    """
    before, after = whole
    if before.value is None or after.value is None:
        return None
    then = _shares(before, {name: pair[0] for name, pair in parts.items()}, _known(parts))
    now = _shares(after, {name: pair[1] for name, pair in parts.items()}, _known(parts))
    found = WAYS[way](before, after, then, now)
    return Change(before.value, after.value, tuple(found))


def share_of_target(way: Way, whole: Ratio, part: Ratio, target: Fraction) -> Fraction | None:
    """How much of what the whole must reach one part brings; over all parts it adds up to the whole's own share.

    Of a count or a sum the part's own ÷ target; of a quotient its numerator ÷ the numerator that the target takes from the
    whole as it is; of a growth its amount ÷ the amount that the target takes. None without a target or an input.
    """
    base = None if whole.denominator is None else Fraction(whole.denominator)
    if base is None or part.numerator is None or (way == "growth" and not whole.years):
        return None
    goal = base * ((1 + target) ** (whole.years or 1) if way == "growth" else target)
    return Fraction(part.numerator) / goal if goal > 0 else None


def _known(parts: Mapping[str, tuple[Ratio, Ratio]]) -> frozenset[str]:
    """The parts that are there in both months; the others go into the rest."""
    return frozenset(
        name
        for name, pair in parts.items()
        if all(ratio.numerator is not None and ratio.denominator is not None for ratio in pair)
    )


def _shares(whole: Ratio, parts: Mapping[str, Ratio], known: frozenset[str]) -> dict[str, Share]:
    """The parts as fractions, and what they leave of the whole."""
    shares = {name: _share(ratio) for name, ratio in parts.items() if name in known}
    city = _share(whole)
    shares[REST] = Share(
        city.numerator - sum(share.numerator for share in shares.values()),
        city.denominator - sum(share.denominator for share in shares.values()),
    )
    return shares


def _share(ratio: Ratio) -> Share:
    return Share(Fraction(ratio.numerator or 0), Fraction(ratio.denominator or 0))


def _sum(
    before: Ratio, after: Ratio, then: Mapping[str, Share], now: Mapping[str, Share]
) -> Iterable[Contribution]:
    """Counts and sums: each part's own change, in the unit that the whole is counted in."""
    sizes = [Fraction(ratio.denominator or 1) for ratio in (before, after)]
    for name in now:
        yield Contribution(name, now[name].numerator / sizes[1] - then[name].numerator / sizes[0], NONE)


def _ratio(
    before: Ratio, after: Ratio, then: Mapping[str, Share], now: Mapping[str, Share]
) -> Iterable[Contribution]:
    """Quotients: within = own value's change × mean weight; mix = weight's change × distance from the whole.

    The distance is that of the part's mean value from the whole's mean value, so that growing where the value is
    high raises the whole. A part without a denominator in one of the months has no value there: all of it is mix.
    """
    mean = (_value(before) + _value(after)) * HALF
    sizes = [Fraction(ratio.denominator or 0) for ratio in (before, after)]
    for name in now:
        pair = (then[name], now[name])
        weights = [share.denominator / size for share, size in zip(pair, sizes, strict=True)]
        lifts = [
            (share.numerator - mean * share.denominator) / size
            for share, size in zip(pair, sizes, strict=True)
        ]
        within = NONE
        if all(share.denominator for share in pair):
            values = [share.numerator / share.denominator for share in pair]
            within = (values[1] - values[0]) * sum(weights) * HALF
        yield Contribution(name, within, lifts[1] - lifts[0] - within)


def _growth(
    before: Ratio, after: Ratio, then: Mapping[str, Share], now: Mapping[str, Share]
) -> Iterable[Contribution]:
    """Growth: the change of what each part contributes to the whole's growth, in proportion to its increase."""
    levels = [contributions_to_growth(ratio, shares) for ratio, shares in ((before, then), (after, now))]
    for name in now:
        yield Contribution(name, levels[1][name] - levels[0][name], NONE)


def contributions_to_growth(whole: Ratio, shares: Mapping[str, Share]) -> dict[str, Fraction]:
    """Each part's contribution to a growth: growth × its increase ÷ the whole's; they add up to the growth.

    Without any increase of the whole the growth is 0, and the increases, which cancel out, count against the base.
    """
    city = _share(whole)
    increase, growth = city.numerator - city.denominator, _value(whole)
    scale = growth / increase if increase else 1 / (city.denominator * (whole.years or 1))
    return {name: (share.numerator - share.denominator) * scale for name, share in shares.items()}


def _value(ratio: Ratio) -> Fraction:
    assert ratio.value is not None
    return ratio.value


WAYS: dict[
    Way,
    Callable[[Ratio, Ratio, Mapping[str, Share], Mapping[str, Share]], Iterable[Contribution]],
] = {"sum": _sum, "ratio": _ratio, "growth": _growth}
