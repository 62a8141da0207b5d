"""trade-kpi brief: the meeting brief as a Word document, slides, a workbook or a page; and the list of those made."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard import console, opened, store
from dashboard.brief import make, record
from dashboard.brief.compose import SECTIONS
from dashboard.brief.record import Making
from dashboard.brief.request import VARIANTS, BriefRefused, Request
from dashboard.commands.options import unit_code
from dashboard.commands.published import gate_of
from dashboard.identity import operator
from dashboard.store import Gate
from etl.paths import data_folder
from etl.policy import Policy, load_policy
from etl.snapshot import find
from etl.space import writable

MOST_LISTED = 30


def brief(
    variant: Annotated[
        str | None,
        typer.Option(
            "--variant",
            help="city 全市、task_force 专班（列企业）、unit 县市区、indicator 单项指标；"
            "写了 --unit 或 --indicator 就不用写",
            metavar="种类",
        ),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="统计月份，如 2025-09；不写为最新", metavar="月份")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="县市区代码或名称，做该县市区的简报", metavar="县市区")
    ] = None,
    indicator: Annotated[
        str | None, typer.Option("--indicator", help="指标代号或名称，做该指标的简报", metavar="指标")
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="docx、pptx、xlsx 或 html，可写多次；默认 docx", metavar="格式"),
    ] = None,
    sections: Annotated[
        str,
        typer.Option("--sections", help="只要这几部分，逗号分隔，如 overview,goals,annex", metavar="部分"),
    ] = "",
    evidence: Annotated[
        bool,
        typer.Option(
            "--evidence",
            help="正文每个数字注明依据（条文、公式、来源行）：Word 为批注，幻灯片为备注，工作簿和网页为「依据」表",
        ),
    ] = False,
    snapshot: Annotated[
        str, typer.Option("--snapshot", help="用较早的快照；做过的简报原样再出", metavar="编号")
    ] = "",
    again: Annotated[
        int | None, typer.Option("--again", help="把已制作的第几号简报原样再出", metavar="号")
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="列出已制作的简报")] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="写到哪个文件或文件夹；不写为当前目录", metavar="文件"),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="数据目录（也可用环境变量 TRADE_KPI_DATA）", metavar="目录"),
    ] = None,
) -> None:
    """生成会议简报：Word、幻灯片、工作簿或网页，数字都来自同一个快照。"""
    folder, policy = data_folder(data), load_policy()
    if listing:
        _list(policy, folder)
        return
    wanted = formats or ["docx"]
    _require_folder(output)
    if again is not None:
        making = record.find(folder, again)
        gate = Gate(find(folder, making.snapshot), operator())
        with opened.held(gate.snapshot):
            made = make.repeat(gate, policy, making, wanted)
    else:
        gate = gate_of(folder, snapshot)
        with opened.held(gate.snapshot):
            request = _request(gate, policy, variant, period, unit, indicator, sections, evidence)
            made = make.make(gate, policy, request, wanted, again=bool(snapshot))
    for name, content in made.files.items():
        path = _path(output, made.name, name, len(wanted))
        with writable(
            f"{path} 写不进去（磁盘已满或没有权限），请换个地方再试；简报已记录，用 --again {made.making.id} 再出。"
        ):
            path.write_bytes(content)
        console.out.print(
            f"已生成 {path}（第{made.making.id}号简报，快照 {made.making.snapshot}）", soft_wrap=True
        )


def _request(
    gate: Gate,
    policy: Policy,
    variant: str | None,
    period: str | None,
    unit: str | None,
    indicator: str | None,
    sections: str,
    evidence: bool,
) -> Request:
    """What the options ask for; a place or an indicator makes the variant."""
    place = unit_code(policy, unit) if unit else gate.viewer.unit or policy.city.code
    usual = "indicator" if indicator else "city" if place == policy.city.code else "unit"
    topic = policy.indicator(indicator).id if indicator else ""
    chosen = tuple(name.strip() for name in sections.split(",") if name.strip())
    kind = VARIANTS.get(variant or usual)
    known = kind.sections if kind else tuple(SECTIONS)
    for name in chosen:
        if name not in known:
            raise BriefRefused(f"没有「{name}」这部分，请从以下选择：{'、'.join(known)}。")
    month = period or store.meta(gate).latest_period
    return Request(variant or usual, place, topic, month, chosen, evidence=evidence)


def _require_folder(output: Path | None) -> None:
    """Before anything is made and recorded: a file in a folder that is not there is a BriefRefused."""
    if output is not None and not output.is_dir() and not output.parent.is_dir():
        raise BriefRefused(f"没有文件夹 {output.parent}，请先建好，或用 -o 换个地方再试。")


def _path(output: Path | None, name: str, suffix: str, files: int) -> Path:
    """The file named, or one of the brief's own name in the folder named; a folder where there are several."""
    own = f"{name}.{suffix}"
    if output is None:
        return Path(own)
    if output.is_dir():
        return output / own
    return output if files == 1 else output.with_suffix(f".{suffix}")


def _list(policy: Policy, folder: Path) -> None:
    makings = record.all_makings(folder)
    for making in makings[-MOST_LISTED:]:
        files, what = record.sums(folder, making.id), _what(policy, making.request)
        sums = "　".join(f"{name} {sum_[:12]}" for name, sum_ in files.items())
        console.out.print(_line(making, what, sums), soft_wrap=True)
    if not makings:
        console.out.print("还没有制作过简报：trade-kpi brief -o 简报.docx")


def _what(policy: Policy, request: Request) -> str:
    """What tells a brief from the others of its month: kind, place or indicator, parts, evidence."""
    about = policy.indicator(request.indicator).name if request.indicator else policy.unit(request.unit).short
    parts = f"　部分 {','.join(request.sections)}" if request.sections else ""
    return f"{VARIANTS[request.variant].title}　{about}{parts}{'　附依据' if request.evidence else ''}"


def _line(making: Making, what: str, sums: str) -> str:
    when = f"{making.made_at:%Y-%m-%d %H:%M}"
    return f"第{making.id}号　{when}　{making.maker}　{what}　{making.request.period}　快照 {making.snapshot}　{sums}"
