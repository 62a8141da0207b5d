"""The state of a view in its URL: which page, and what of the data it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, urlencode, urlsplit

from dashboard.rights import Right

LONGEST = 60  # characters of a part that somebody types


@dataclass(frozen=True)
class Page:
    """One page: its title in the navigation, its module in ``dashboard/pages``, the parts of the view it needs."""

    title: str
    module: str
    parts: tuple[str, ...]
    hidden: bool = False  # from the navigation
    right: Right = "figures"  # for who has it, and nobody else

    @property
    def file(self) -> str:
        """Where Streamlit finds it."""
        return f"dashboard/pages/{self.module}.py"


@dataclass(frozen=True)
class View:
    """What is being looked at. period: ``YYYY-MM``; unit and indicator are known codes.

    The rest is empty where the page does not need it. file: of the quarantine, by its number. measure: what the
    units are ranked by; sort: the column that orders the table. firm: a credit code; find: a firm's name or code as
    typed. flow and span: of trade, as ``words`` lists them; span also: of an indicator, other than its own basis.
    beside: codes of up to three units joined by a comma, or ``similar``. trace: ``rows`` to list the source rows.
    snapshot: of an earlier day, as known then; empty for the published one. place, topic, state: whose, of what and in
    which state annotations are listed, ``all`` for every one; note: an annotation's number. scenario: what is assumed;
    crossing: the firms that it lets cross a line, by their codes, or how many. clause: a measure's number in the document.
    payment: the one that is corrected; payee: the firm, by its code, that support is worked out for, or ``typed``;
    ticks and sums: what somebody said of it, as ``calculator`` writes it.
    variant: which kind of brief; sections: its parts joined by a comma, empty for all.
    """

    period: str
    unit: str
    indicator: str
    file: str = ""
    measure: str = ""
    sort: str = ""
    firm: str = ""
    find: str = ""
    flow: str = ""
    span: str = ""
    beside: str = ""
    trace: str = ""
    snapshot: str = ""
    place: str = ""
    topic: str = ""
    state: str = ""
    note: str = ""
    scenario: str = ""
    crossing: str = ""
    clause: str = ""
    payment: str = ""
    payee: str = ""
    ticks: str = ""
    sums: str = ""
    variant: str = ""
    sections: str = ""


PAGES = {
    "": Page("总览", "overview", ("period", "indicator")),
    "unit": Page("县市区", "unit", ("period", "unit", "beside")),
    "indicator": Page("指标", "indicator", ("period", "unit", "indicator", "span", "trace")),
    "ranking": Page("排名", "ranking", ("period", "unit", "measure", "sort")),
    "firms": Page("企业", "firms", ("period", "unit", "firm", "find")),
    "markets": Page("市场与商品", "markets", ("period", "unit", "flow", "span")),
    "measures": Page("十条", "measures", ("period", "unit", "clause")),
    "wall": Page("大屏", "wall", (), hidden=True),
    "timeline": Page("时间轴", "timeline", ("period", "unit")),
    "whatif": Page("假设", "whatif", ("period", "unit", "scenario", "crossing")),
    "support": Page("资金", "support", ("period", "unit", "payment")),
    "claims": Page("政策测算", "claims", ("period", "unit", "payee", "ticks", "sums")),
    "notes": Page("批注", "notes", ("period", "place", "topic", "state", "note")),
    "brief": Page("简报", "brief", ("period", "unit", "indicator", "variant", "sections"), right="brief"),
    "quality": Page("数据质量", "quality", ("period", "file")),
    "upload": Page("上传数据", "upload", (), right="load"),
    "accounts": Page("账户", "accounts", (), right="accounts"),
    "audit": Page("审计", "audit", (), right="audit"),
}
KEYS = tuple(field.name for field in fields(View))


def href(page: str, view: View, **changed: str) -> str:
    """The address of a page for that view, with some of it changed; empty parts are left out."""
    state = {key: changed.get(key, getattr(view, key)) for key in KEYS}
    parts = (*PAGES[page].parts, "snapshot")
    query = urlencode({key: state[key] for key in parts if state[key]})
    return f"/{page}?{query}" if query else f"/{page}"


def parse(address: str) -> tuple[str, Mapping[str, str]] | None:
    """Page and state of an address from ``href``; None for anything else, wherever it came from."""
    parts = urlsplit(address)
    page = parts.path.strip("/")
    if parts.scheme or parts.netloc or page not in PAGES:
        return None
    return page, {key: value for key, value in parse_qsl(parts.query) if key in KEYS}
