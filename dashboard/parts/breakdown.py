"""One dimension as a table with bars: name, bar from zero, money, share, growth, and signed percentage points. Pure."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from dashboard import format
from dashboard.html import scrolled
from dashboard.questions.split import Part, Split

Name = Callable[[str], str]  # of a code, as ready HTML
Extra = tuple[str, Callable[[Split, Part], float | None]]  # a last column of signed percentage points
SHARE_CHANGE: Extra = ("占比变化<br>百分点", Split.share_change)
UNTOLD = '<p class="tk-empty">构成各项的企业少，为不推算出单个企业，不逐项列示。</p>'
CONTRIBUTION: Extra = ("拉动增长<br>百分点", Split.contribution)


def top(heading: str, split: Split, most: int, name: Name, extra: Extra) -> str:
    """The largest parts as a table with bars, and the others as one row below."""
    shown, others = split.top(most)
    left = traded(split) - traded(Split(shown, split.whole))
    count = "其余" if split.together else f"其余{left}个"  # what is not told apart is not counted either
    rest = f'<tbody class="tk-rest">{_row(split, others, count, extra, 0)}</tbody>' if others else ""
    return breakdown(heading, split, shown, name, extra, rest)


def traded(split: Split) -> int:
    """How many parts of those told apart have trade in the span; one that had some only a year before does not."""
    return sum(1 for part in split.told if part.value)


def breakdown(
    heading: str, split: Split, parts: Iterable[Part], name: Name, extra: Extra, rest: str = ""
) -> str:
    """Bars from zero with their figures; rest: ready rows below."""
    parts = tuple(parts)
    if split.untold:
        return UNTOLD
    most = max((abs(part.value) for part in parts), default=Decimal(0)) or Decimal(1)
    rows = "".join(_row(split, part, name(part.code), extra, float(abs(part.value) / most)) for part in parts)
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("金额", "占比", "同比", extra[0]))
    if not rows:
        return '<p class="tk-empty">本时段没有报关记录。</p>'
    return scrolled(
        heading,
        f'<table class="tk-table tk-bars"><thead><tr><th scope="col">{heading}</th><td></td>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody>{rest}</table>",
    )


def _row(split: Split, part: Part, name: str, extra: Extra, width: float) -> str:
    sign = ' class="tk-negative"' if part.value < 0 else ""
    figures = (
        format.money(part.value),
        share(split, part),
        grown(part),
        _points(extra[1](split, part)),
    )
    return (
        f'<tr><th scope="row">{name}</th>'
        f'<td class="tk-track"><i{sign} style="width:{width * 100:.1f}%"></i></td>'
        f"{''.join(_cell(figure) for figure in figures)}</tr>"
    )


def _cell(figure: str) -> str:
    return f'<td class="tk-rest">{figure}</td>' if figure == format.DASH else f"<td>{figure}</td>"


def share(split: Split, part: Part) -> str:
    return format.percent(split.share(part))


def grown(part: Part) -> str:
    """Growth against the year before; in words where there is nothing to grow from, a dash where it is not known."""
    if part.growth is not None or part.before is None:
        return format.growth(part.growth)
    return "基期为零" if not part.before else "基期为负"


def _points(value: float | None) -> str:
    """A difference of shares as signed percentage points; the column's head says the unit."""
    return format.DASH if value is None else format.decimal(value * 100, 2, signed=True)
