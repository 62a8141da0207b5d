"""The widgets of 政策测算: the facts of a firm to tick, what the data know ticked already, and sums to fill in.

What somebody ticked and typed stands in the URL: ``ticks`` has the ids of facts ticked other than the data say, one
that was taken out behind a minus; ``sums`` has ``item:text`` as typed, joined by semicolons.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

import streamlit as st

from dashboard import canvas, shell
from dashboard.address import View
from dashboard.parts.upload import refusal
from etl.errors import UserError
from etl.support.entry import amount
from etl.support.rules import Rules

HOW = (
    "勾选符合的条件；数据显示符合的已勾好，取消勾选按不符合处理。"
    "其他没有勾选的，数据显示不符合的按不符合处理，数据里没有的按待核实处理。"
)
OUT, OF, END = "-", ":", ";"
LONGEST_SUM = 20
Knowledge = Mapping[str, bool | None]


def known_ticks(rules: Rules) -> list[str]:
    """Every tick that an address may name."""
    return [sign + fact.id for fact in rules.deciding for sign in ("", OUT)]


def longest_sums(rules: Rules) -> int:
    """How long the sums of an address can be."""
    return sum(len(item.id) + len(OF) + LONGEST_SUM + len(END) for item in rules.items)


def ticked(view: View, known: Knowledge) -> dict[str, bool]:
    """Fact → whether its box is ticked: as the address says, else as the data do."""
    said = {tick.removeprefix(OUT): not tick.startswith(OUT) for tick in view.ticks.split(",") if tick}
    return {fact: bool(holds) for fact, holds in known.items()} | said


def typed(view: View) -> dict[str, str]:
    """Item → the sum as it was typed."""
    pairs = (pair.partition(OF) for pair in view.sums.split(END))
    return {item: text for item, found, text in pairs if found}


def facts(rules: Rules, known: Knowledge, view: View) -> dict[str, bool | None]:
    """Draw a box for every fact; a ticked one holds, else it is as the data say, unless they say that it holds."""
    canvas.show(f'<p class="tk-note">{HOW}</p>', key="tk_how")
    ticks = ticked(view, known)
    said: dict[str, bool | None] = {}
    for fact in rules.deciding:
        knows = known.get(fact.id)
        word = "（数据显示不符合）" if knows is False else ""
        key = _key("fact", view, fact.id)
        st.session_state[key] = ticks.get(fact.id, False)
        told = st.checkbox(fact.question + word, key=key, on_change=_tick, args=(rules, known, view))
        said[fact.id] = True if told else False if knows is not None else None
    return said


def bases(rules: Rules, view: View) -> dict[str, Decimal | None]:
    """Draw a line for the base of every item that has a rate; UserError for what is no sum."""
    written, read = typed(view), dict[str, Decimal | None]()
    for item in rules.items:
        if item.base is not None:
            key = _key("base", view, item.id)
            st.session_state[key] = written.get(item.id, "")
            label = f"{item.short}：{item.base}（元）"
            text = st.text_input(label, key=key, max_chars=LONGEST_SUM, on_change=_type, args=(rules, view))
            read[item.id] = amount(text, item.base)
            if (read[item.id] or 0) < 0:
                raise UserError(f"{item.base}不能是负数，请改正。")
    return read


def _key(sort: str, view: View, id: str) -> str:
    return f"{sort}_{view.payee}_{id}"


def _tick(rules: Rules, known: Knowledge, view: View) -> None:
    """Write into the URL which boxes stand other than the data say."""
    now = {fact.id: bool(st.session_state.get(_key("fact", view, fact.id))) for fact in rules.deciding}
    other = [id if holds else OUT + id for id, holds in now.items() if holds != bool(known.get(id))]
    shell.put("ticks", ",".join(other))


def _type(rules: Rules, view: View) -> None:
    """Write the sums into the URL as they are typed."""
    now = {
        item.id: str(st.session_state.get(_key("base", view, item.id), "")).strip() for item in rules.items
    }
    shell.put("sums", END.join(f"{id}{OF}{text.replace(END, '')}" for id, text in now.items() if text))


def answered(rules: Rules, view: View, draw: Callable[[dict[str, Decimal | None]], str]) -> str:
    """What is drawn of the sums as typed, or the sentence that says which of them is none."""
    try:
        sums = bases(rules, view)
    except UserError as error:
        return refusal(str(error))
    return draw(sums)
