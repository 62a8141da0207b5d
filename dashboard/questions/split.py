"""How a whole splits into parts, now and a year before: shares, growth, contributions, concentration. Pure. Yuan."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

TOGETHER = "其他（企业少的项，合并列示）"  # the code of what is not told apart, always the last part


@dataclass(frozen=True)
class Part:
    """One code's yuan in the span and in the same months of the year before; None where those are not covered."""

    code: str
    value: Decimal
    before: Decimal | None

    @property
    def growth(self) -> float | None:
        """As a fraction; undefined on a base that is missing, zero or negative."""
        return float(self.value / self.before - 1) if self.before and self.before > 0 else None


@dataclass(frozen=True)
class Split:
    """One dimension's parts, the largest first. whole: what shares and contributions are of.

    veiled: some are not shown by themselves, because few firms make them up.
    """

    parts: tuple[Part, ...]
    whole: Part
    veiled: bool = False

    @property
    def told(self) -> tuple[Part, ...]:
        """The parts that are shown by themselves: the only ones that can be named, counted or called the largest."""
        return tuple(part for part in self.parts if part.code != TOGETHER)

    @property
    def together(self) -> Part | None:
        """What is not told apart, as one; None where every part is shown."""
        return next((part for part in self.parts if part.code == TOGETHER), None)

    @property
    def untold(self) -> bool:
        """Whether not a single part is shown by itself, though there are some."""
        return self.together is not None and not self.told

    def share(self, part: Part) -> float | None:
        """Of the whole, as a fraction; undefined where the whole is not positive."""
        return ratio(part.value, self.whole.value)

    def share_change(self, part: Part) -> float | None:
        """How much the share grew since the year before, as a fraction."""
        now, then = self.share(part), ratio(part.before, self.whole.before)
        return None if now is None or then is None else now - then

    def contribution(self, part: Part) -> float | None:
        """The part of the whole's growth that this code made; over all codes they add up to it."""
        if part.before is None:
            return None
        return ratio(part.value - part.before, self.whole.before)

    def concentration(self) -> float | None:
        """Herfindahl–Hirschman index over the shares, 0–1; with the whole it would tell what is veiled."""
        if self.veiled:
            return None
        shares = [self.share(part) for part in self.parts]
        return None if None in shares or not shares else sum(share**2 for share in shares if share)

    def concentration_before(self) -> float | None:
        """The same, a year before."""
        if self.veiled:
            return None
        shares = [ratio(part.before, self.whole.before) for part in self.parts]
        return None if None in shares or not shares else sum(share**2 for share in shares if share)

    def top(self, most: int) -> tuple[tuple[Part, ...], Part | None]:
        """The largest parts, and all others as one; None where there are no others."""
        return self.parts[:most], summed(self.parts[most:], "") if self.parts[most:] else None


def summed(parts: Iterable[Part], code: str, known: bool = True) -> Part:
    """Parts as one of that code; known: whether the year before is."""
    parts = tuple(parts)
    bases = [part.before for part in parts]
    base = None if None in bases or not known else sum((b for b in bases if b is not None), Decimal(0))
    return Part(code, sum((part.value for part in parts), Decimal(0)), base)


def ratio(value: Decimal | None, base: Decimal | None) -> float | None:
    """A share of a positive base, as a fraction; None without one."""
    return None if value is None or base is None or base <= 0 else float(value / base)
