"""资金使用: what the city paid to firms since the document, by item, and the ceiling of all items together."""

from collections.abc import Iterator

from dashboard import format
from dashboard.brief.document import Block, Cell, Column, Figure, Key, Run, Section, Table
from dashboard.brief.facts import Facts
from dashboard.brief.sections.common import numbered, para, short
from dashboard.brief.sentences import NO_DATA, stands
from dashboard.questions.paid import Paid
from etl.support.rules import load_rules

CAP = "support_cap"
NOTE = "一家企业可得多项支持；拨给机关的奖励计入笔数和金额，不计入企业数。"
ITEMS = (
    Column("支持事项", 4, "left"),
    Column("企业数", 1, "right"),
    Column("笔数", 1, "right"),
    Column("累计", 1.6, "right"),
    Column("其中：本年", 1.6, "right"),
)
OVER = (
    Column("企业", 4, "left"),
    Column("县市区", 1.6),
    Column("累计支持", 1.8, "right"),
    Column("超出上限", 1.8, "right"),
)


def build(facts: Facts) -> Section:
    """Everything the brief says of support; it grows here."""
    sums = _sums(facts)
    parts = (("资金拨付", [para(sums), *_items(facts)]), ("支持上限", _ceiling(facts)))
    gist = tuple(tuple(runs) for runs in (sums, _cap(facts)) if runs)
    return Section("support", "资金使用", tuple(numbered(parts)), gist)


def _sums(facts: Facts) -> list[Run]:
    found = facts.support
    if not found.loaded:
        return [f"{facts.name}市级支持资金{NO_DATA}（没有加载资金台账）。"]
    whole, since = found.whole, f"{found.since.year}年{found.since.month}月{found.since.day}日"
    if facts.period < facts.policy.document.issued[:7]:
        return [f"文件{since}印发，至{format.period(facts.period)}没有市级支持资金。"]
    if not whole.payments:
        return [f"{since}至{format.period(facts.period)}，台账没有{facts.name}的市级支持资金。"]
    total, year = (
        Figure(format.money(amount), Key(name, facts.place, facts.period), float(amount))
        for name, amount in (("support_total", whole.total_cny), ("support_year", whole.year_cny))
    )
    payments, firms = (
        Figure(f"{number}{unit}", Key(name, facts.place, facts.period), number)
        for name, number, unit in (
            ("support_payments", whole.payments, "笔"),
            ("support_firms", whole.firms, "家"),
        )
    )
    verb = "共拨付" if facts.of_city else "共获拨"
    span = f"{since}至{format.period(facts.period)}，{facts.name}{verb}市级支持资金"
    this = f"（其中{facts.period[:4]}年"
    return [span, payments, "，累计", total, this, year, "），惠及企业", firms, "。"]


def _items(facts: Facts) -> Iterator[Block]:
    if facts.support.items:
        names = {item.id: item.name for item in load_rules(facts.policy).items}
        rows = tuple(_row(item, names.get(item.name, item.name)) for item in facts.support.items)
        yield Table(f"{facts.name}市级支持资金（按事项）", ITEMS, rows, NOTE)
    if facts.of_city and facts.support.units:
        columns = (Column("县市区", 4, "left"), *ITEMS[1:])
        rows = tuple(_row(item, short(facts.policy, item.name)) for item in facts.support.units)
        yield Table("市级支持资金（按县市区）", columns, rows, "按拨付时企业所在县市区。")


def _row(item: Paid, name: str) -> tuple[Cell, ...]:
    amounts = (item.total_cny, item.year_cny)
    counts = (item.firms, item.payments)
    return (Cell(name), *(Cell(str(n)) for n in counts), *(Cell(format.money(a)) for a in amounts))


def _ceiling(facts: Facts) -> Iterator[Block]:
    if said := _cap(facts):
        yield para(said)
    if facts.support.over and facts.support.cap_cny is not None:
        rows = tuple(
            (
                Cell(item.name or item.uscc),
                Cell(short(facts.policy, item.unit)),
                Cell(format.money(item.total_cny)),
                Cell(format.money(item.total_cny - facts.support.cap_cny), "red"),
            )
            for item in facts.support.over
        )
        yield Table("超出支持上限的企业", OVER, rows)


def _cap(facts: Facts) -> list[Run]:
    """How many firms are over the ceiling; nothing where the document sets no cap, or no indicator judges it."""
    light, cap_cny = facts.light(CAP), facts.support.cap_cny
    if light is None or cap_cny is None:
        return []
    line = format.line(cap_cny)
    name = f"单个企业市级支持资金累计超过{line}的"
    return [name, *stands(facts.policy, light), "。"]
