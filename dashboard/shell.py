"""What every page stands on: the bar with badge and month, the state in the URL, empty and error states."""

import functools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import canvas, download, figures, format, store, who, widgets
from dashboard.address import LONGEST, PAGES, Page, View
from dashboard.board import Board, is_stale
from dashboard.html import text
from dashboard.identity import Viewer, current_viewer
from dashboard.notes.book import annotations_until
from dashboard.notes.record import Annotation, concerns
from dashboard.questions.board import board
from dashboard.rights import Right, may
from dashboard.store import Gate, Meta
from dashboard.watch import watched
from etl.errors import UserError
from etl.policy import Policy, load_policy
from etl.reference import Reference, load_reference

NO_DATA = (
    "请工作专班或数据加载人员在「上传数据」页放入文件并发布；也可在终端运行 trade-kpi load 加载文件或文件夹，"
    "或运行 trade-kpi demo 查看演示。"
)
NO_MONTH = (
    "已加载的文件里没有任何一个月的进出口、跨境电商或退税数据，请先在「上传数据」加载；"
    "资金台账可在「资金」和「政策测算」查看。"
)
CHOSEN = "chosen"
MAPPED_FIRST = "import_share"  # the measure of the indicator that the map shows first


@dataclass(frozen=True)
class Ground:
    """What a page draws from: the gate, the policy, the board and the view that the URL names."""

    gate: Gate
    policy: Policy
    meta: Meta
    board: Board
    view: View
    stale: bool

    @property
    def reference(self) -> Reference:
        """Names of partners, modes and goods, which hold for any city."""
        return load_reference()

    def show(self, name: str, draw: Callable[[], str], *also: Hashable) -> None:
        """Show a part of the page; its HTML is built once per snapshot, role, unit, view and what it also needs."""
        html = store.remember_text(self.gate, self._question("html", name, *also), draw)
        canvas.show(html, key=f"tk_{name.replace(' ', '_')}")

    def chart(
        self, name: str, title: str, said: str, draw: Callable[[], go.Figure], below: Callable[[], str]
    ) -> None:
        """A plotly chart in a framed part with its title and the same as a table below; built once like a part.

        said: the chart in words, its text alternative.
        """
        with st.container(key=f"chart_{name}"):
            canvas.show(f"<h2>{text(title)}</h2>", key=f"tk_chart_{name}")
            figure = store.remember(self.gate, self._question("chart", name), draw)
            st.plotly_chart(figure, config=figures.CONFIG, key=f"plot_{name}", alt=said)
            self.show(f"{name} table", below)

    def _question(self, sort: str, name: str, *also: Hashable) -> tuple[Hashable, ...]:
        """By what a part of this page is known; two pages may call theirs alike."""
        page, folder = canvas.page_on_show(), str(self.policy.folder)
        return sort, page, name, self.view, self.stale, self.board.noted, folder, *also

    def notes(self, indicator: str = "", unit: str = "") -> tuple[Annotation, ...]:
        """The annotations up to the month on show that the viewer may read, oldest month first.

        A book that cannot be read is said on its own page and hides nothing here.
        """
        try:
            return annotations_until(self.gate.viewer, self.view.period, indicator, unit)
        except UserError:
            return ()

    def downloads(
        self, name: str, header: Sequence[str], rows: Callable[[], Iterable[Sequence[download.Cell]]]
    ) -> None:
        """Two buttons: the rows as CSV and as xlsx, made only when one is pressed. name: of the file, without ending."""
        with st.container(key="tk_downloads", horizontal=True, gap="small"):
            self.file("下载 CSV", f"{name}.csv", lambda: download.as_csv(header, rows()), download.CSV)
            self.file("下载 Excel", f"{name}.xlsx", lambda: download.as_xlsx(name[:31], header, rows()))

    def file(self, label: str, name: str, make: Callable[[], bytes], sort: str = download.XLSX) -> None:
        """A button for a file that is made when it is asked for, and kept for nobody else. sort: its MIME type.

        Who takes it is logged before it is made, and stands with the time in tables made by ``download``.
        """
        made = who.taken(self.gate.viewer, name, sort, make)
        st.download_button(label, made, name, sort, key=f"download_{name}", on_click="ignore")

    def choose(
        self, part: str, label: str, options: Mapping[str, str], default: str, clears: tuple[str, ...] = ()
    ) -> "Ground":
        """Draw a chooser for a part of the view here; the same ground with what is chosen.

        The value comes from the URL, else from what this session chose before, else it is the default. clears: parts
        that were said of the one before, and that the URL loses with it.
        """
        value = _wanted(part, options, default)
        _chooser(part, label, options, value, clears)
        return replace(self, view=replace(self.view, **{part: value}))

    def typed(self, part: str, label: str) -> "Ground":
        """Draw a line for a part of the view that is typed here; the same ground with what the URL then has."""
        found = self.written(part)
        key = f"pick_{part}"
        st.session_state[key] = getattr(found.view, part)
        st.text_input(
            label,
            key=key,
            max_chars=LONGEST,
            label_visibility="collapsed",
            placeholder=label,
            on_change=_picked,
            args=(part, key),
        )
        return found

    def several(self, part: str, label: str, options: Mapping[str, str], empty: str) -> "Ground":
        """Draw a chooser of any number for a part of the view, their keys joined by commas in the URL."""
        wanted = st.query_params.get(part, "").split(",")
        key = f"pick_{part}"
        st.session_state[key] = chosen = [option for option in options if option in wanted]
        st.multiselect(
            label,
            list(options),
            key=key,
            format_func=options.__getitem__,
            on_change=_picked_several,
            args=(part, key),
            placeholder=empty,
            select_all=False,
        )
        return replace(self, view=replace(self.view, **{part: ",".join(chosen)}))

    def written(self, part: str, most: int = LONGEST) -> "Ground":
        """The same ground with a part as the URL has it, for a question that judges it itself. most: characters."""
        value = st.query_params.get(part, "").strip()[:most]
        return replace(self, view=replace(self.view, **{part: value}))

    def named(self, part: str, known: Iterable[str]) -> "Ground":
        """The same ground with a part that only the URL names; empty where that is none of the known."""
        value = st.query_params.get(part, "")
        return replace(self, view=replace(self.view, **{part: value if value in set(known) else ""}))

    def listed(self, part: str, known: Iterable[str], most: int) -> "Ground":
        """The same ground with a part that names several of the known in the URL, joined by a comma."""
        named, known = st.query_params.get(part, "").split(","), set(known)
        kept = [item for item in dict.fromkeys(named) if item in known][:most]
        return replace(self, view=replace(self.view, **{part: ",".join(kept)}))


def require_viewer() -> Viewer:
    """Who looks; ends the run with the way to the login page where nobody is signed in, or no longer."""
    try:
        return current_viewer()
    except UserError as error:
        sentence = f'<p>{text(error)}</p><p><a href="/login">去登录</a></p>'
        canvas.show(f'<div class="tk-blank" role="status"><h1>请登录</h1>{sentence}</div>', key="tk_blank")
        st.stop()


def in_place(draw: Callable[[], None]) -> Callable[[], None]:
    """A page whose choosers and links run it alone, without what stands around it: a click then takes half the time.

    What the page shows must lie in it, bar and foot too, since nothing else is drawn anew.
    """
    return st.fragment(draw)


def listed(page: Page, viewer: Viewer) -> bool:
    """Whether the navigation names the page to this viewer."""
    return not page.hidden and may(viewer, page.right)


def first_page(viewer: Viewer) -> str:
    """The path of the page that this viewer begins with."""
    return next((path for path, page in PAGES.items() if listed(page, viewer)), "")


@contextmanager
def office(right: Right) -> Iterator[None]:
    """A page that stands on no data, for who has that right; anybody else gets one sentence."""
    try:
        policy, viewer = load_policy(), current_viewer()
        with _bar_line():
            canvas.show(widgets.bar(policy, demo=False), key="tk_title")
            who.show(viewer)
        store.require(viewer, right)
        yield
    except UserError as error:
        _stop("暂时无法显示", str(error), None)


@contextmanager
def intake() -> Iterator[tuple[Policy, Ground | None]]:
    """A page that takes data in: it stands before the first snapshot too, and beside one that cannot be read.

    Yields the policy, and the ground of the newest month where there is one. Who may not load gets one sentence.
    """
    try:
        policy, viewer = load_policy(), current_viewer()
        store.require(viewer, "load")
    except UserError as error:
        _stop("暂时无法显示", str(error), None)
    ground = _newest(policy, viewer)
    with _bar_line():
        canvas.show(widgets.bar(policy, bool(ground and ground.meta.demo)), key="tk_title")
        who.show(viewer)
    _warn(ground)
    yield policy, ground
    if ground:
        ground.show("foot", functools.partial(_foot, ground, None))


def _newest(policy: Policy, viewer: Viewer) -> Ground | None:
    """The ground of the published snapshot in its newest month; None where it is not there or cannot be read."""
    try:
        gate = store.open_gate(viewer, stand_in=True)
        return _standing(policy, gate) if gate else None
    except UserError:
        return None


def _standing(policy: Policy, gate: Gate, snapshot: str = "") -> Ground:
    meta = store.meta(gate)
    view = View(meta.latest_period, policy.city.code, _mapped_first(policy), snapshot=snapshot)
    return Ground(gate, policy, meta, board(gate), view, is_stale(meta.latest_period, date.today()))


def _mapped_first(policy: Policy) -> str:
    """The indicator that the map shows until another is chosen."""
    wanted = (item.id for item in policy.indicators if item.measure == MAPPED_FIRST)
    return next(wanted, policy.indicators[0].id)


@contextmanager
def page(
    *choosers: str, bare: bool = False, right: Right = "figures", monthless: bool = False
) -> Iterator[Ground]:
    """A page between bar and foot; choosers: ``unit`` and ``indicator`` stand in a line above the page.

    bare: nothing to choose and no foot; always the newest month. right: what the viewer must be allowed. monthless: it
    also stands where no month is loaded, its period then empty. Without a right, a snapshot, a month, or with a snapshot
    that cannot be read, one Chinese sentence takes the page's place.
    """
    ground = _ground(choosers, bare, monthless)
    sight = who.Sight(ground.gate.viewer)
    try:
        store.require(ground.gate.viewer, right)
        with watched(sight.told):
            yield ground
        sight.watermark()
        if not bare:
            ground.show("foot", functools.partial(_foot, ground, canvas.page_on_show()))
    except UserError as error:
        _stop("暂时无法显示", str(error), None)


def _ground(choosers: tuple[str, ...], bare: bool, monthless: bool) -> Ground:
    snapshot, policy = _snapshot(), None
    try:
        policy = load_policy()
        gate = store.open_gate(current_viewer(), snapshot=snapshot, stand_in=True)
        if gate is None:
            _stop("还没有数据", NO_DATA, policy)
        ground = _standing(policy, gate, snapshot)
    except UserError as error:
        _stop("暂时无法显示", str(error), policy)
    if not (monthless or ground.board.periods):
        _stop("还没有月度数据", NO_MONTH, policy)
    period = _bar(ground, bare, bool(snapshot))
    _warn(ground)
    return _chosen(_noted(replace(ground, view=replace(ground.view, period=period))), choosers)


def _warn(ground: Ground | None) -> None:
    """Say above the page that it stands on an older snapshot, because the published one is damaged."""
    if ground and ground.gate.instead_of:
        canvas.show(
            widgets.standing_in(ground.gate.instead_of, ground.meta.snapshot, ground.meta.latest_period),
            key="tk_damaged",
        )


def _noted(ground: Ground) -> Ground:
    """The same ground, its board with the annotations that concern the month on show."""
    notes = (note for note in ground.notes() if concerns(note, ground.view.period))
    noted = frozenset((note.indicator, note.unit) for note in notes)
    return replace(ground, board=replace(ground.board, noted=noted))


def _snapshot() -> str:
    """The past snapshot in the URL; also the one last looked at, where a page of the menu was opened, without any."""
    wanted = st.query_params.get("snapshot", "")
    if not st.query_params and (remembered := _last_chosen().get("snapshot")):
        st.query_params["snapshot"] = wanted = remembered
    _last_chosen()["snapshot"] = wanted
    return wanted


def _leave_past() -> None:
    st.query_params.pop("snapshot", None)
    _last_chosen()["snapshot"] = ""


def _stop(title: str, sentence: str, policy: Policy | None) -> NoReturn:
    """One sentence in the page's place. policy: where no bar stands yet, which then has the name and the way out."""
    if policy:
        with _bar_line():
            canvas.show(widgets.bar(policy, demo=False), key="tk_title")
            with suppress(UserError):  # who is nobody any more has no account to leave
                who.show(current_viewer())
    html = f'<div class="tk-blank" role="status"><h1>{text(title)}</h1><p>{text(sentence)}</p></div>'
    canvas.show(html, key="tk_blank")
    st.stop()


def _foot(ground: Ground, page: str | None) -> str:
    gate = ground.gate
    sources, waiting = store.sources(gate), store.quarantined(gate)
    return widgets.foot(ground.policy, ground.meta, ground.view, sources, waiting, page)


def _bar(ground: Ground, bare: bool, past: bool) -> str:
    """Name, badges, the month and the account; returns the month that the chooser and the URL agree on."""
    meta = ground.meta
    months = {period: format.period(period) for period in reversed(ground.board.periods)}
    with _bar_line():
        badges = (meta.demo, meta.snapshot if past else "", ground.stale)
        canvas.show(widgets.bar(ground.policy, *badges), key="tk_title")
        if bare:
            return meta.latest_period
        if past:
            st.button("回到最新", key="tk_newest", on_click=_leave_past)
        period = _wanted("period", months, meta.latest_period) if months else ""
        if months:
            _chooser("period", "统计月份", months, period)
        who.show(ground.gate.viewer)
    return period


def _bar_line() -> DeltaGenerator:
    return st.container(key="tk_bar", horizontal=True, vertical_alignment="center", gap="small")


def _chosen(ground: Ground, choosers: tuple[str, ...]) -> Ground:
    """The choosers for place and indicator in a line of their own; without them the view keeps its defaults."""
    policy = ground.policy
    if not choosers:
        wanted = _wanted("indicator", _indicators(policy), ground.view.indicator)
        return replace(ground, view=replace(ground.view, indicator=wanted))
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        if "unit" in choosers:
            roles = ("unit", "zone") if choosers == ("unit",) else ("city", "unit", "zone")
            units = {unit.code: unit.name for unit in policy.units if unit.role in roles}
            ground = ground.choose("unit", "县市区", units, ground.gate.viewer.unit or policy.city.code)
        if "indicator" in choosers:
            ground = ground.choose("indicator", "指标", _indicators(policy), policy.indicators[0].id)
    return ground


def _indicators(policy: Policy) -> dict[str, str]:
    return {indicator.id: indicator.name for indicator in policy.indicators}


def file_name(meta: Meta, *parts: str) -> str:
    """What a file to take along is called, without ending; invented data say so."""
    return "_".join(part for part in (*parts, "演示数据" * meta.demo) if part)


def _wanted(part: str, options: Mapping[str, str], default: str) -> str:
    """A part of the view: from the URL, else what this session chose before, else the default."""
    last = _last_chosen()
    wanted = st.query_params.get(part) or last.get(part, "")
    last[part] = value = (
        wanted if wanted in options else default if default in options else next(iter(options))
    )
    return value


def _last_chosen() -> dict[str, str]:
    """What this session chose last of each part of the view. In one place: each chooser looks at all that a session keeps."""
    chosen: dict[str, str] = st.session_state.setdefault(CHOSEN, {})
    return chosen


def _chooser(
    part: str, label: str, options: Mapping[str, str], value: str, clears: tuple[str, ...] = ()
) -> None:
    """A chooser whose value lives in the URL: what is picked is written there before the rerun."""
    if st.query_params.get(part) != value:
        st.query_params[part] = value
    key = f"pick_{part}"
    st.session_state[key] = value
    st.selectbox(
        label,
        list(options),
        key=key,
        format_func=options.__getitem__,
        label_visibility="collapsed",
        on_change=_picked,
        args=(part, key, clears),
        placeholder="请选择",
        required=True,
    )


def _picked(part: str, key: str, clears: tuple[str, ...] = ()) -> None:
    for other in clears:
        put(other, "")
    put(part, str(st.session_state[key]).strip())


def _picked_several(part: str, key: str) -> None:
    put(part, ",".join(st.session_state[key]))


def put(part: str, value: str) -> None:
    """Write a part of the view into the URL; an empty one is taken out."""
    if value:
        st.query_params[part] = value
    else:
        st.query_params.pop(part, None)
