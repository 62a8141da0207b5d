"""What a brief is made of, whatever it is written as: headings, paragraphs, tables, charts, pictures. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from dashboard.board import Tone

Align = Literal["left", "center", "right"]
Role = Literal["value", "pace", "target"]


@dataclass(frozen=True)
class Key:
    """What a figure is of. topic: an indicator's id, or a measure of trade such as ``ytd_total``."""

    topic: str
    unit: str
    period: str


@dataclass(frozen=True)
class Figure:
    """A number as it is written, that knows what it is of. value: unrounded, in yuan, fractions, 家, working days."""

    text: str
    key: Key
    value: float | None = None

    def __str__(self) -> str:
        return self.text


Run = str | Figure
Runs = tuple[Run, ...]


def plain(runs: Runs) -> str:
    """The words of a paragraph."""
    return "".join(map(str, runs))


@dataclass(frozen=True)
class Heading:
    """A heading; its number is part of the text. level 1: 一、, 2: （一）."""

    level: Literal[1, 2]
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text. lead: its first words, in bold (「1．进口占比。」)."""

    runs: Runs
    lead: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a table. tone: of a light. key: of a figure of the scoreboard, with its unrounded value."""

    text: str
    tone: Tone = ""
    key: Key | None = None
    value: float | None = None


@dataclass(frozen=True)
class Column:
    """A column's title, its share of the width, and where its cells stand."""

    title: str
    width: float
    align: Align = "center"


@dataclass(frozen=True)
class Table:
    """A table with its title (numbered where it is written); note: what stands below it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    dense: bool = False


@dataclass(frozen=True)
class Series:
    """One line or row of bars; None where a value is missing."""

    name: str
    values: tuple[float | None, ...]
    role: Role = "value"


@dataclass(frozen=True)
class Chart:
    """A native chart. categories: months (``YYYY-MM``) of a line, places of bars. number: its number format."""

    title: str
    kind: Literal["line", "bar"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number: str


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, in its own units; alt: what it shows, in words."""

    title: str
    svg: str
    width: float
    height: float
    alt: str


Block = Heading | Paragraph | Table | Chart | Picture


@dataclass(frozen=True)
class Section:
    """One part of the brief. points: its gist, a line each, for slides. annexed: it follows the closing words."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    points: tuple[Runs, ...] = ()
    annexed: bool = False

    def figures(self) -> Iterator[Figure]:
        """Every figure of its running text."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield from (run for run in block.runs if isinstance(run, Figure))


@dataclass(frozen=True)
class Document:
    """A whole brief. colophon: the end note, one line each. demo: whether its data are invented."""

    title: str
    subtitle: str
    opening: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    closing: tuple[Paragraph, ...]
    colophon: tuple[str, ...]
    demo: bool
    made_at: str
    maker: str
    file_name: str
    evidence: dict[Key, str] = field(default_factory=dict)

    def figures(self) -> Iterator[Figure]:
        """Every figure of the running text, in the order of reading."""
        for section in self.sections:
            yield from section.figures()

    def cited(self) -> Iterator[tuple[str, Figure, str]]:
        """Each figure whose evidence is known, once: the section it stands in, the figure, what stands behind it."""
        told: set[Key] = set()
        for section in self.sections:
            for figure in section.figures():
                if figure.key in self.evidence and figure.key not in told:
                    told.add(figure.key)
                    yield section.title, figure, self.evidence[figure.key]

    def blocks(self) -> Iterator[Block]:
        """Every block of the sections, in the order of reading."""
        for section in self.sections:
            yield from section.blocks
