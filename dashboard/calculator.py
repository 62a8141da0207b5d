"""The widgets of 政策测算: the facts of a firm to tick, what the data know ticked already, and sums to fill in."""

from collections.abc import Mapping
from decimal import Decimal

import streamlit as st

from dashboard import canvas
from etl.errors import UserError
from etl.support.entry import amount
from etl.support.rules import Rules

HOW = "勾选符合的条件；数据已知的已勾好，可改。没有勾选的按待核实处理，数据显示不符合的按不符合处理。"


def facts(rules: Rules, known: Mapping[str, bool | None], payee: str) -> dict[str, bool | None]:
    """Draw a box for every fact; a ticked one holds, else it is as the data say, unless they say that it holds."""
    canvas.show(f'<p class="tk-note">{HOW}</p>', key="tk_how")
    said: dict[str, bool | None] = {}
    for fact in rules.facts:
        knows = known.get(fact.id)
        word = "（数据显示不符合）" if knows is False else ""
        ticked = st.checkbox(fact.question + word, bool(knows), key=f"fact_{payee}_{fact.id}")
        said[fact.id] = True if ticked else False if knows is not None else None
    return said


def bases(rules: Rules, payee: str) -> dict[str, Decimal | None]:
    """Draw a line for the base of every item that has a rate; UserError for what is no sum."""
    typed: dict[str, Decimal | None] = {}
    for item in rules.items:
        if item.base is not None:
            label = f"{item.short}：{item.base}（元）"
            typed[item.id] = amount(st.text_input(label, key=f"base_{payee}_{item.id}"), item.base)
            if (typed[item.id] or 0) < 0:
                raise UserError(f"{item.base}不能是负数，请改正。")
    return typed
