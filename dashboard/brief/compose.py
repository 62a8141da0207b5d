"""Puts a brief together: title, opening, the wanted sections, closing, end note. Pure."""

from collections.abc import Callable, Mapping

from dashboard import format
from dashboard.brief.document import Document, Paragraph, Section
from dashboard.brief.facts import Facts
from dashboard.brief.request import Request
from dashboard.brief.sections import (
    annex,
    cbec,
    firms,
    goals,
    overview,
    rebates,
    since,
    standings,
    support,
    topic,
    units,
)
from dashboard.brief.sections.problems import measures, problems
from dashboard.format import through
from etl.policy import Policy

SECTIONS: Mapping[str, tuple[str, Callable[[Facts], Section | None]]] = {
    "overview": ("总体情况", overview.build),
    "topic": ("指标情况", topic.topic),
    "since": ("与上次简报相比", since.build),
    "goals": ("目标进度", goals.build),
    "units": ("分县市区情况", units.build),
    "standings": ("分县市区情况", standings.standings),
    "firms": ("重点企业与近线企业", firms.build),
    "cbec": ("跨境电商", cbec.build),
    "rebates": ("通关与退税", rebates.build),
    "support": ("资金使用", support.build),
    "problems": ("存在问题", problems),
    "measures": ("下步工作", measures),
    "annex": ("附表", annex.build),
}
CLOSING = "以上情况，请审阅。"
DEMO = "演示数据，企业和金额均为虚构，不得作为工作依据"


def compose(facts: Facts) -> Document:
    """The brief as a model; the same facts give the same model."""
    request = facts.request
    found = (SECTIONS[name][1](facts) for name in request.wanted)
    sections = tuple(section for section in found if section)
    return Document(
        title=_title(facts),
        subtitle=f"（{format.period(facts.period)}）",
        opening=_free(request.opening, opening_of(facts.policy, request)),
        sections=sections,
        closing=_free(request.closing, CLOSING),
        colophon=_colophon(facts),
        demo=facts.meta.demo,
        made_at=facts.made_at,
        maker=facts.maker,
        file_name=_file_name(facts),
    )


def opening_of(policy: Policy, request: Request) -> str:
    """The usual first paragraph."""
    document, span = policy.document, f"{request.period[:4]}年{through(request.period)}"
    about = policy.indicator(request.indicator).name if request.indicator else "外贸指标监测"
    place = policy.unit(request.unit).short
    return f"根据《{document.title}》（{document.number}），现将{span}{place}{about}情况报告如下。"


def _free(words: str | None, usual: str) -> tuple[Paragraph, ...]:
    """A free paragraph by its lines; the usual words where nobody wrote any, none where it was emptied."""
    text = usual if words is None else words
    return tuple(Paragraph((line.strip(),)) for line in text.splitlines() if line.strip())


def _title(facts: Facts) -> str:
    place = facts.policy.unit(facts.place).name
    topic = f"{facts.indicators[0].name}专题" if facts.request.indicator else "外贸指标监测"
    inner = "（专班）" if facts.request.variant == "task_force" else ""
    return f"{place}{topic}简报{inner}"


def _file_name(facts: Facts) -> str:
    demo = "_演示数据" if facts.meta.demo else ""
    return f"{_title(facts)}_{facts.period}_{facts.meta.snapshot}{demo}"


def _colophon(facts: Facts) -> tuple[str, ...]:
    meta, document = facts.meta, facts.policy.document
    lines = [
        f"数据快照：{meta.snapshot}（生成于{meta.created_at.replace('T', ' ')}），数据截至{format.period(facts.period)}。",
        f"制作时间：{facts.made_at[:16].replace('T', ' ')}；制作人：{facts.maker}。",
        f"依据：{document.number}；状态和数值在发布快照时一次算定，按未四舍五入的数值判定；文中和表内数字四舍五入，末位可能有差。",
    ]
    if meta.demo:
        lines.insert(0, f"{DEMO}。")
    return tuple(lines)
