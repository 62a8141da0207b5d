"""The parts of 企业 as HTML: tiers, near-line firms, movers, entries and exits, concentration. Pure."""

from collections.abc import Sequence

from dashboard import format
from dashboard.address import View
from dashboard.html import link, panel, scrolled, text
from dashboard.questions.firms import NearFirm, address
from etl.policy import Policy


def near_line(policy: Policy, view: View, found: Sequence[NearFirm]) -> str:
    """The near-line firms, the least missing first; each leads to its own page."""
    rows = "".join(_near(policy, view, item) for item in found)
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("企业", "县市区", "近12个月", "下一档", "还差")
    )
    inner = (
        f'<table class="tk-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        if found
        else '<p class="tk-empty">本月没有近线企业。</p>'
    )
    return panel("近线企业", scrolled("近线企业", inner), "tk-firmlist", f"{len(found)}家")


def _near(policy: Policy, view: View, item: NearFirm) -> str:
    name = link(address(view, item.uscc), text(item.name))
    cells = (
        text(policy.unit(item.unit).short),
        *(format.money(value) for value in (item.ttm_cny, item.line_cny, item.missing_cny)),
    )
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
