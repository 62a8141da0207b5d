"""Files that somebody sent in, checked and loaded in a process apart, and only as the very bytes that were checked.

The work goes there as JSON and its outcome comes back as JSON. However that process ends, what is
published is whole: the old snapshot or the new one.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from etl import apart, snapshot
from etl.apply import FileResult, Options
from etl.diff import Change
from etl.errors import FileRefused, UserError
from etl.layout import Hints
from etl.load import Report, load
from etl.quarantine import Fault
from etl.reconcile import Agreement
from etl.rehearse import Rehearsal, rehearse

# Measured by /proc/self/status: 1.4 GiB of writable memory stand reserved with nothing read, 1.2 GiB more are
# taken by 190 MB of declarations or a workbook of 200,000 rows, and 0.3 GiB by the threads of 64 cores.
LIMITS = apart.Limits(memory_bytes=4 << 30, seconds=600)
DEATHS: Mapping[apart.How, str] = {
    "memory": "文件太大，内存不够处理；请拆成几个文件，或少选几个再试，已发布的数据不变。",
    "time": "处理时间太长，已中止；请拆成几个文件，或少选几个再试，已发布的数据不变。",
    "crash": "读取时程序中断，文件可能已损坏；请用表格软件另存为 .xlsx 或 CSV 再发，已发布的数据不变。",
}


@dataclass(frozen=True)
class Sent:
    """One file as it lies there. sha256: of the bytes that are meant. hints: what the sender says about it."""

    path: Path
    sha256: str
    hints: Hints


def check(data: Path, files: Sequence[Sent], options: Options) -> Rehearsal:
    """What loading the files would do. Raises UserError where that cannot be found out."""
    try:
        told = _ask("check", data, files, options)
    except apart.Died as death:
        raise UserError(DEATHS[death.how]) from None
    return Rehearsal(
        base=told["base"],
        report=_report(data, told["report"]),
        faults=tuple(Fault(**row) for row in told["faults"]),
        rules=tuple((rule, count) for rule, count in told["rules"]),
        period=told["period"],
        agreements=tuple(Agreement(**row) for row in told["agreements"]),
        changes=None if told["changes"] is None else tuple(Change(**row) for row in told["changes"]),
    )


def publish(data: Path, files: Sequence[Sent], options: Options, base: str) -> Report:
    """Load and publish the files as checked on the snapshot ``base``; UserError where anything is not as it was."""
    try:
        return _report(data, _ask("publish", data, files, replace(options, base=base)))
    except apart.Died as death:
        now = snapshot.current(data)
        if now and now.id != base:
            raise UserError(
                f"处理中断，但已有新快照 {now.id}；请先到「数据质量」核对，再决定是否重发。"
            ) from None
        raise UserError(DEATHS[death.how]) from None


def _ask(deed: str, data: Path, files: Sequence[Sent], options: Options) -> dict[str, Any]:
    rows = [{"path": str(f.path), "sha256": f.sha256, "hints": asdict(f.hints)} for f in files]
    job = {"deed": deed, "data": str(data), "files": rows, "options": asdict(options)}
    told: dict[str, Any] = json.loads(apart.run("etl.intake:answer", json.dumps(job).encode(), LIMITS))
    if "refusal" in told:
        raise UserError(told["refusal"])
    return told


def answer(job: bytes) -> bytes:
    """What the process apart does: the deed asked for, and its outcome or the sentence of its refusal."""
    asked = json.loads(job)
    sent = [Sent(Path(f["path"]), f["sha256"], Hints(**f["hints"])) for f in asked["files"]]
    try:
        told = DEEDS[asked["deed"]](Path(asked["data"]), _as_checked(sent), Options(**asked["options"]))
    except duckdb.OutOfMemoryException as error:
        raise MemoryError from error
    except UserError as error:
        told = {"refusal": str(error)}
    return json.dumps(told, ensure_ascii=False, default=str).encode()


def _as_checked(sent: Sequence[Sent]) -> list[tuple[Path, Hints]]:
    for file in sent:
        if not file.path.exists() or snapshot.digest(file.path) != file.sha256:
            raise FileRefused(f"「{file.path.name}」已清理或与检查时不同，请重新检查再发布。")
    return [(file.path, file.hints) for file in sent]


def _publish(data: Path, files: Sequence[tuple[Path, Hints]], options: Options) -> dict[str, Any]:
    return asdict(load(data, files, options))


def _rehearse(data: Path, files: Sequence[tuple[Path, Hints]], options: Options) -> dict[str, Any]:
    return asdict(rehearse(data, files, options))


DEEDS: Mapping[str, Callable[[Path, Sequence[tuple[Path, Hints]], Options], dict[str, Any]]] = {
    "check": _rehearse,
    "publish": _publish,
}


def _report(data: Path, told: Mapping[str, Any]) -> Report:
    files = (
        FileResult(**row | {name: tuple(row[name]) for name in ("notes", "held", "covers")})
        for row in told["files"]
    )
    published = told["snapshot"]
    return Report(tuple(files), snapshot.find(data, published["id"]) if published else None)
