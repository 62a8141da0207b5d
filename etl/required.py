"""What each remaining month must bring so that a target is just reached: exact, pure.

A cumulative begins anew each January: for a deadline in a later year the whole of that year remains and nothing of
this year counts. Everything is a Fraction in the measure's own unit (yuan, 家, working days); None where no month
remains, an input is missing, or there is nothing left to do.
"""

from dataclasses import dataclass
from fractions import Fraction

from etl.spans import Exact
from etl.status import months_between


@dataclass(frozen=True)
class Window:
    """The months of the deadline's year. done: those that this year's cumulative holds; left: those still to come."""

    done: int
    left: int


def window(period: str, deadline: str) -> Window:
    """The months that decide a cumulative: up to the deadline in its year.

    deadline: ``YYYY-MM``, or ``always`` and ``each-12`` for this year's December.
    """
    end = deadline if deadline[:1].isdigit() else f"{period[:4]}-12"
    left = max(0, months_between(period, end))
    return Window(int(period[5:]), left) if end[:4] <= period[:4] else Window(0, int(end[5:]))


def for_gap(gap: Exact, months: int) -> Fraction | None:
    """A count or amount that still has to come, evenly over the months."""
    return Fraction(gap) / months if months > 0 and gap > 0 else None


def for_cumulative(goal: Exact, so_far: Exact, span: Window) -> Fraction | None:
    """An amount that the year's cumulative must reach; what this year has does not count for a later year."""
    return for_gap(Fraction(goal) - (Fraction(so_far) if span.done else 0), span.left)


def for_share(share: Exact, part: Exact, other: Exact, done: int, span: Window) -> Fraction | None:
    """The part (imports) for a share of part + other, while the other (exports) keeps this year's monthly average.

    done: the months that part and other hold.
    """
    if not 0 < share < 1 or done < 1:
        return None
    average = Fraction(other) / done
    others = average * (span.done + span.left)
    goal = others * Fraction(share) / (1 - Fraction(share))
    return for_cumulative(goal, part, span)


def for_growth(growth: Exact, years: int, base: Exact, so_far: Exact, span: Window) -> Fraction | None:
    """The amount for an average annual growth over whole years. base: the base year's months up to the deadline's."""
    if years < 1 or base <= 0:
        return None
    return for_cumulative(Fraction(base) * (1 + Fraction(growth)) ** years, so_far, span)


def for_average(most: Exact, days: Exact, cases: Exact, span: Window) -> Fraction | None:
    """The average of the remaining cases that brings the year's average down to a bound; cases come as so far.

    Below zero where even that would not do.
    """
    if span.done < 1 or span.left < 1 or cases <= 0 or Fraction(days) <= Fraction(most) * Fraction(cases):
        return None
    coming = Fraction(cases) / span.done * span.left
    return (Fraction(most) * (Fraction(cases) + coming) - Fraction(days)) / coming
