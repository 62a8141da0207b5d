"""The switch between the spans of time that an indicator has, and what it means for the light."""

from collections.abc import Sequence

from dashboard import words
from dashboard.address import View, href
from dashboard.board import Light
from dashboard.html import link, text
from dashboard.spans import NAMES
from etl.policy import Policy


def switch(
    policy: Policy, view: View, offered: Sequence[str], judged: Light | None, shown: Light | None
) -> str:
    """Tabs for the spans; in another span than the own basis, a sentence that the light is not judged there.

    judged: the light on its own basis; shown: the same in the span looked at. Empty where there is one span only.
    """
    if not offered:
        return ""
    indicator = policy.indicator(view.indicator)
    tabs = "".join(_tab(view, span) for span in offered)
    own = _tab(view, "", f"{indicator.basis}（亮灯口径）")
    note = _note(policy, view, judged, shown) if view.span else ""
    return f'<nav class="tk-tabs" aria-label="统计口径">{own}{tabs}</nav>{note}'


def _tab(view: View, span: str, name: str = "") -> str:
    here = ' aria-current="true"' if span == view.span else ""
    inner = f"<span{here}>{text(name or NAMES[span])}</span>"
    return link(href("indicator", view, span=span), inner, "tk-here" if here else "")


def _note(policy: Policy, view: View, judged: Light | None, shown: Light | None) -> str:
    basis = policy.indicator(view.indicator).basis
    value = f"{words.value(policy, shown)}" if shown else "—"
    light = f"，{basis}为{words.SHAPE[judged.status]}{words.STATUS[judged.status]}" if judged else ""
    return (
        f'<p class="tk-note">下面按{NAMES[view.span]}显示（{text(value)}），不亮灯；'
        f"红绿灯只按{text(basis)}判定{text(light)}。</p>"
    )
