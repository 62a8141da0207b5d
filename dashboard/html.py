"""The smallest pieces of HTML: every text that goes through here is escaped."""

from collections.abc import Iterable, Sequence
from html import escape

from dashboard import format, words
from dashboard.board import Light
from dashboard.words import Span

NOTHING = ' class="tk-nothing"'  # of a cell that a phone leaves out where rows stack
# Beside what bears an annotation.
NOTED = '<span class="tk-mark" aria-hidden="true">注</span>'


def text(value: object) -> str:
    """Escaped text, for content and for attributes."""
    return escape(str(value), quote=True)


def link(address: str, inner: str, classes: str = "", title: str = "", label: str = "") -> str:
    """A link that stays in the session when clicked plainly. ``inner`` is ready HTML."""
    attributes = {"class": classes, "title": title, "aria-label": label}
    extra = "".join(f' {name}="{text(value)}"' for name, value in attributes.items() if value)
    return f'<a data-go href="{text(address)}"{extra}>{inner}</a>'


def shape(light: Light) -> str:
    """The status as a shape; hidden from screen readers, which get the word."""
    return f'<span class="tk-shape" aria-hidden="true">{words.SHAPE[light.status]}</span>'


def pill(light: Light, why: str = "") -> str:
    """The status as shape, word and colour. why: said when it is pointed at, where nothing around it says so."""
    title = f' title="{text(why)}"' if why else ""
    word = words.STATUS[light.status]
    return f'<span class="tk-pill tk-{light.tone or "none"}"{title}>{shape(light)}{word}</span>'


def lamp(light: Light, why: str, worded: bool = True) -> str:
    """The status in a line of a table, without a frame. worded: whether the word stands beside the shape for the eye too."""
    word = text(words.STATUS[light.status])
    said = f" {word}" if worded else f'<span class="tk-sr">{word}</span>'
    return f'<span class="tk-ink-{light.tone or "none"}" title="{text(why)}">{shape(light)}{said}</span>'


def spans(parts: Iterable[Span]) -> str:
    """A sentence with its coloured and bold stretches."""
    return "".join(_span(part) for part in parts)


def _span(part: Span) -> str:
    tone = f' class="tk-ink-{part.tone}"' if part.tone else ""
    inner = text(part.text)
    return f"<b{tone}>{inner}</b>" if part.strong else f"<span{tone}>{inner}</span>" if tone else inner


def table(
    caption: str, header: Sequence[str], rows: Iterable[Iterable[str | Span]], stacks: bool = False
) -> str:
    """A plain table of texts, some coloured: first column names, the others figures.

    stacks: a phone shows each row as a small list, each figure after its column's name.
    """
    head = "".join(f'<th scope="col">{text(cell)}</th>' for cell in header)
    named = [f' data-name="{text(cell)}"' for cell in header[1:]] if stacks else []
    body = "".join(f"<tr>{_cells(row, named)}</tr>" for row in rows)
    return (
        f'<table class="tk-table{" tk-stacks" * stacks}"><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cells(row: Iterable[str | Span], named: Sequence[str]) -> str:
    """A row's cells. named: what those after the first bear where a phone stacks them, else nothing."""
    name, *rest = (_span(cell if isinstance(cell, Span) else Span(cell)) for cell in row)
    marks = [mark + NOTHING * (cell == format.DASH) for mark, cell in zip(named, rest, strict=False)]
    return f'<th scope="row">{name}</th>' + "".join(
        f"<td{mark}>{cell}</td>" for mark, cell in zip(marks or [""] * len(rest), rest, strict=True)
    )


def scrolled(label: str, inner: str) -> str:
    """A part that scrolls sideways where it is too wide, by keyboard too."""
    return f'<div class="tk-sideways" tabindex="0" role="region" aria-label="{text(label)}">{inner}</div>'


def folded(title: str, inner: str) -> str:
    """A part that opens on demand."""
    return f'<details class="tk-folded"><summary>{text(title)}</summary>{inner}</details>'


def panel(title: str, inner: str, classes: str = "", aside: str = "") -> str:
    """A framed part with its title; ``inner`` and ``aside`` are ready HTML."""
    head = f'<h2>{text(title)}</h2><span class="tk-aside">{aside}</span>' if title else ""
    return f'<section class="tk-panel {classes}"><header>{head}</header>{inner}</section>'


def stacked(*parts: str) -> str:
    """The parts of a page below each other; what is empty leaves no gap."""
    return '<div class="tk-stacked">' + "".join(f"<div>{part}</div>" for part in parts if part) + "</div>"
