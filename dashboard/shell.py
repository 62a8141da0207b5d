"""What every page stands on: the bar with badge and choosers, the state in the URL, empty and error states."""

import functools
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

import plotly.graph_objects as go
import streamlit as st

from dashboard import canvas, charts, format, store, widgets
from dashboard.address import View
from dashboard.board import Board, build, is_stale
from dashboard.html import text
from dashboard.identity import current_viewer
from dashboard.store import Gate, Meta
from etl.errors import UserError
from etl.policy import Policy, load_policy

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAPPED_FIRST = "import_share"


@dataclass(frozen=True)
class Ground:
    """What a page draws from: the gate, the policy, the board and the view that the URL names."""

    gate: Gate
    policy: Policy
    meta: Meta
    board: Board
    view: View
    stale: bool

    def show(self, name: str, draw: Callable[[], str], *also: Hashable) -> None:
        """Show a part of the page; its HTML is built once per snapshot, role, unit, view and what it also needs."""
        question = ("html", name, self.view, self.stale, str(self.policy.folder), *also)
        canvas.show(store.remember(self.gate, question, draw), key=f"tk_{name.replace(' ', '_')}")


@contextmanager
def page(*choosers: str) -> Iterator[Ground]:
    """A page between bar and foot; choosers: ``unit`` and ``indicator`` stand in the bar beside the month.
    With ``file`` the address may name a file of the quarantine.

    Without a snapshot, or with one that cannot be read, one Chinese sentence takes the page's place.
    """
    ground = _ground(choosers)
    try:
        yield ground
        ground.show("foot", functools.partial(_foot, ground))
    except UserError as error:
        _stop("暂时无法显示", str(error), None)


def _ground(choosers: Sequence[str]) -> Ground:
    try:
        policy = load_policy()
        gate = store.open_gate(current_viewer())
        if gate is None:
            _stop(
                "还没有数据",
                "请在终端运行 trade-kpi load 文件或文件夹 加载数据，或运行 trade-kpi demo 查看演示。",
                policy,
            )
        meta = store.meta(gate)
        board = store.remember(
            gate, ("board",), lambda: build(store.scoreboard(gate), store.unit_ranks(gate))
        )
    except UserError as error:
        _stop("暂时无法显示", str(error), None)
    view = _bar(policy, meta, board, choosers)
    if "file" in choosers:
        view = replace(view, file=_file(gate))
    return Ground(gate, policy, meta, board, view, is_stale(meta.latest_period, date.today()))


def _file(gate: Gate) -> str:
    """The file that the address names, where the quarantine has rows of it."""
    wanted = st.query_params.get("file", "")
    return wanted if wanted in {str(item.file_id) for item in store.faulty_files(gate)} else ""


def _stop(title: str, sentence: str, policy: Policy | None) -> NoReturn:
    bar = widgets.bar(policy, demo=False) if policy else ""
    html = f'{bar}<div class="tk-blank" role="status"><h1>{text(title)}</h1><p>{text(sentence)}</p></div>'
    canvas.show(html, key="tk_blank")
    st.stop()


def _foot(ground: Ground) -> str:
    gate = ground.gate
    return widgets.foot(ground.policy, ground.meta, ground.view, store.sources(gate), store.quarantined(gate))


def _bar(policy: Policy, meta: Meta, board: Board, choosers: Sequence[str]) -> View:
    """Name, badge and choosers; returns the view that they and the URL agree on."""
    periods = tuple(reversed(board.periods))
    with st.container(key="tk_bar", horizontal=True, vertical_alignment="center", gap="small"):
        canvas.show(widgets.bar(policy, meta.demo), key="tk_title")
        roles = ("city", "unit", "zone") if "indicator" in choosers else ("unit", "zone")
        units = {unit.code: unit.name for unit in policy.units if unit.role in roles}
        indicators = {indicator.id: indicator.name for indicator in policy.indicators}
        unit = (
            _choose("unit", "县市区", units, policy.city.code, True)
            if "unit" in choosers
            else policy.city.code
        )
        default = policy.indicators[0].id if "indicator" in choosers else MAPPED_FIRST
        indicator = _choose("indicator", "指标", indicators, default, "indicator" in choosers)
        months = {period: format.period(period) for period in periods}
        period = _choose("period", "统计月份", months, meta.latest_period, True)
    return View(period, unit, indicator)


def chart(name: str, title: str, figure: go.Figure) -> None:
    """A plotly chart in a framed part with its title, which is also its text alternative."""
    with st.container(key=f"chart_{name}"):
        canvas.show(f"<h2>{text(title)}</h2>", key=f"tk_chart_{name}")
        st.plotly_chart(figure, config=charts.CONFIG, key=f"plot_{name}", alt=title)


def download(label: str, name: str, make: Callable[[], bytes]) -> None:
    """A button for a workbook that is made when it is asked for, and kept for nobody else."""
    st.download_button(label, make, name, WORKBOOK, key=f"download_{name}", on_click="ignore")


def _choose(name: str, label: str, options: dict[str, str], default: str, visible: bool) -> str:
    """One part of the view: from the URL, else what this session chose before, else the default."""
    wanted = st.query_params.get(name) or st.session_state.get(f"chosen_{name}")
    value = wanted if wanted in options else default if default in options else next(iter(options))
    st.session_state[f"chosen_{name}"] = value
    if visible:
        if st.query_params.get(name) != value:
            st.query_params[name] = value
        choose(name, label, options, value)
    return value


def choose(name: str, label: str, options: dict[str, str], value: str) -> None:
    """A chooser whose value lives in the URL: what is picked is written there before the rerun."""
    key = f"pick_{name}"
    st.session_state[key] = value
    st.selectbox(
        label,
        list(options),
        key=key,
        format_func=options.__getitem__,
        label_visibility="collapsed",
        on_change=_picked,
        args=(name, key),
        placeholder="请选择",
        required=True,
    )


def _picked(name: str, key: str) -> None:
    st.query_params[name] = st.session_state[key]
