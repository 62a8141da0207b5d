"""Makes briefs: the request is checked, the facts are read, the model is written, the making is recorded."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dashboard.access import audit
from dashboard.brief import record
from dashboard.brief.compose import compose
from dashboard.brief.document import Document
from dashboard.brief.facts import Before, Facts
from dashboard.brief.gather import gather, notes
from dashboard.brief.record import Making
from dashboard.brief.request import BriefRefused, Request, checked
from dashboard.brief.template import template
from dashboard.questions.board import board
from dashboard.store import Gate
from etl.errors import SnapshotError
from etl.policy import Policy
from etl.snapshot import find

FORMATS = {"docx": "Word 文档", "pptx": "幻灯片", "xlsx": "工作簿", "html": "网页"}


@dataclass(frozen=True)
class Made:
    """A brief that was made: its record, its files by format, and how a file of it is called."""

    making: Making
    files: Mapping[str, bytes]
    name: str


def make(
    gate: Gate, policy: Policy, request: Request, formats: Iterable[str], *, again: bool = False
) -> Made:
    """The files of a brief, recorded. The same request on the same snapshot gives the same bytes.

    As long as annotations and template are the same; again: whatever was written since, as it was then. Raises
    BriefRefused or Forbidden, and records nothing then.
    """
    wanted = _known(formats)
    checked(gate, policy, request, board(gate).periods)
    data = _data(gate)
    own = template(data)
    stands_on = _stands_on(gate, policy, request, own)
    making = record.same(data, gate.viewer, gate.snapshot, request, "" if again else stands_on)
    if making is None:
        before = record.last_before(data, gate.snapshot, request)
        making = _unrecorded(gate, request, stands_on, before.id if before else None)
    facts, document = _drawn(gate, policy, making)
    files = {name: _written(name, facts, document, own) for name in wanted}
    if not making.id:
        making = record.keep(
            data, gate.viewer, gate.snapshot, request, making.made_at, stands_on, making.compared
        )
    for name, content in files.items():
        record.written(data, making.id, name, hashlib.sha256(content).hexdigest())
    _log(data, gate, making)
    return Made(making, files, document.file_name)


def repeat(gate: Gate, policy: Policy, making: Making, formats: Iterable[str]) -> Made:
    """A recorded brief once more; the gate is at its snapshot."""
    checked(gate, policy, making.request, board(gate).periods)
    facts, document = _drawn(gate, policy, making)
    own = template(_data(gate))
    files = {name: _written(name, facts, document, own) for name in _known(formats)}
    _log(_data(gate), gate, making)
    return Made(making, files, document.file_name)


def _log(data: Path, gate: Gate, making: Making) -> None:
    """Say in the audit log who got which brief; one that cannot be logged is not handed out."""
    said = {"简报": f"第{making.id}号", "种类": making.request.kind.title, "快照": making.snapshot}
    audit.record(data, audit.Entry("制作简报", gate.viewer.name, gate.viewer.role, said))


def preview(gate: Gate, policy: Policy, request: Request) -> Document:
    """The brief as it would be made now; nothing is recorded."""
    checked(gate, policy, request, board(gate).periods)
    before = record.last_before(_data(gate), gate.snapshot, request)
    return _drawn(gate, policy, _unrecorded(gate, request, "", before.id if before else None))[1]


def _known(formats: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(formats)
    for name in wanted:
        if name not in FORMATS:
            raise BriefRefused(f"没有「{name}」这种格式，请从以下选择：{'、'.join(FORMATS)}。")
    return wanted


def _written(name: str, facts: Facts, document: Document, own: Path | None) -> bytes:
    """One file; each writer is imported when it is first used, since their libraries take a while."""
    match name:
        case "docx":
            from dashboard.brief.write import word

            return word.write(document, own)
        case "pptx":
            from dashboard.brief.write import slides

            return slides.write(document)
        case "xlsx":
            from dashboard.brief.write import workbook

            return workbook.write(facts, document)
        case _:
            from dashboard.brief.write import preview

            return preview.page(document)


def _data(gate: Gate) -> Path:
    return gate.snapshot.path.parents[1]


def _unrecorded(gate: Gate, request: Request, stands_on: str, compared: int | None) -> Making:
    now = datetime.now(UTC).astimezone()
    viewer = gate.viewer
    return Making(0, now, viewer.name, viewer.role, gate.snapshot.id, request, stands_on, compared)


def _drawn(gate: Gate, policy: Policy, making: Making) -> tuple[Facts, Document]:
    facts = gather(gate, policy, making.request, making.made_at, making.maker, _compared(gate, making))
    document = compose(facts)
    if making.request.evidence:
        from dashboard.brief.evidence import evidence  # what traces numbers takes its time to import

        keys = (figure.key for figure in document.figures())
        said = evidence(gate, policy, keys, making.request.kind.firms)
        document = replace(document, evidence=said)
    return facts, document


def _compared(gate: Gate, making: Making) -> Before | None:
    """The lights of the brief before, from its snapshot, which is kept for that."""
    if making.compared is None:
        return None
    before = record.find(_data(gate), making.compared)
    try:
        lights = board(Gate(find(_data(gate), before.snapshot), gate.viewer))
    except SnapshotError:
        lights = None
    return Before(before.made_at.isoformat(), before.snapshot, before.request.period, lights)


def _stands_on(gate: Gate, policy: Policy, request: Request, own: Path | None) -> str:
    """A checksum of what the bytes depend on beside snapshot and request: the annotations, and the template."""
    said = repr(notes(gate, policy, request, datetime.now(UTC)))
    return hashlib.sha256(said.encode() + (own.read_bytes() if own else b"")).hexdigest()
