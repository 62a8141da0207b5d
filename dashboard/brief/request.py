"""Which brief is wanted: variant, place, month, sections, the two free paragraphs; and who may have it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from dashboard import store
from dashboard.identity import Viewer
from dashboard.rights import REFUSED, may
from dashboard.store import Forbidden, Gate
from etl.errors import UserError
from etl.policy import Policy

LONGEST = 1000  # characters of a free paragraph


class BriefRefused(UserError):
    """A brief that cannot be made as it was asked for; nothing was recorded."""


@dataclass(frozen=True)
class Variant:
    """One kind of brief, and its sections in order. firms: whether it names single firms."""

    id: str
    title: str
    sections: tuple[str, ...]
    firms: bool = False


WHOLE = (
    "overview",
    "since",
    "goals",
    "units",
    "firms",
    "cbec",
    "rebates",
    "support",
    "problems",
    "measures",
    "annex",
)
VARIANTS: Mapping[str, Variant] = {
    item.id: item
    for item in (
        Variant("city", "全市", WHOLE),
        Variant("task_force", "专班", WHOLE, firms=True),
        Variant("unit", "县市区", tuple(name for name in WHOLE if name != "units"), firms=True),
        Variant("indicator", "单项指标", ("topic", "since", "standings", "problems", "measures", "annex")),
    )
}


@dataclass(frozen=True)
class Request:
    """What is asked for. unit: the city's code except of the variant 县市区. indicator: of 单项指标, else empty.

    sections: empty for all that the variant has. opening, closing: None for the usual words.
    """

    variant: str
    unit: str
    indicator: str
    period: str
    sections: tuple[str, ...] = ()
    opening: str | None = None
    closing: str | None = None
    evidence: bool = field(default=False)

    @property
    def kind(self) -> Variant:
        """The variant itself."""
        return VARIANTS[self.variant]

    @property
    def wanted(self) -> tuple[str, ...]:
        """The sections in the order of the variant."""
        return tuple(name for name in self.kind.sections if not self.sections or name in self.sections)

    def text(self) -> str:
        """The request as one line, the same for the same request."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def variants_for(viewer: Viewer) -> dict[str, str]:
    """The variants that the viewer may have, with their titles: a county only its own unit's."""
    if not may(viewer, "brief"):
        return {}
    whole = may(viewer, "all_firms")
    return {item.id: item.title for item in VARIANTS.values() if whole or item.id == "unit"}


def places_for(viewer: Viewer, policy: Policy) -> dict[str, str]:
    """The units whose briefs the viewer may have, with their names; BriefRefused where there is none."""
    found = {unit.code: unit.name for unit in policy.counties if viewer.unit in (None, unit.code)}
    if not found:
        name = policy.unit(str(viewer.unit)).name
        raise BriefRefused(f"{name}没有单独的目标，不制作单独的简报，请看市里的全市简报。")
    return found


def checked(gate: Gate, policy: Policy, request: Request, periods: tuple[str, ...]) -> Request:
    """The request, or a sentence that says what to change: BriefRefused, or Forbidden for who may not have it."""
    viewer = gate.viewer
    if not may(viewer, "brief"):
        raise Forbidden(REFUSED["brief"])
    if request.variant not in VARIANTS:
        raise BriefRefused(f"没有「{request.variant}」这种简报，请从以下选择：{'、'.join(VARIANTS)}。")
    if request.variant not in variants_for(viewer) or (viewer.unit and request.unit != viewer.unit):
        raise Forbidden("县市区只能制作本地简报，当前账号无权制作其他简报。")
    if request.kind.firms:
        store.require_firms(gate, request.unit)
    _require_sense(policy, request, periods)
    return request


def _require_sense(policy: Policy, request: Request, periods: tuple[str, ...]) -> None:
    place = policy.unit(request.unit)
    title, counties = request.kind.title, policy.counties
    if request.variant == "unit" and place.role != "unit":
        raise BriefRefused(
            f"县市区简报要指明 {len(counties)} 个县市区之一，请用 --unit 写明，如 --unit {counties[0].short}。"
        )
    if request.variant != "unit" and place.role != "city":
        raise BriefRefused(
            f"「{title}」简报写的是全市，不能又指明{place.short}，请去掉县市区，或改做县市区简报。"
        )
    if request.variant == "indicator" and not request.indicator:
        one = policy.indicators[0].name
        raise BriefRefused(f"单项指标简报要指明指标，请用 --indicator 写明，如 --indicator {one}。")
    if request.variant != "indicator" and request.indicator:
        raise BriefRefused(f"「{title}」简报写的是全部指标，不能又指明一项，请去掉指标，或改做单项指标简报。")
    if request.indicator:
        policy.indicator(request.indicator)
    if request.period not in periods:
        if not periods:
            raise BriefRefused("还没有任何一个月的数据，做不出简报，请先加载进出口等月度文件。")
        span = f"{periods[0]} 至 {periods[-1]}"
        raise BriefRefused(f"没有 {request.period} 的数据，现有月份为 {span}，月份请写成 2025-09 这样。")
    for name, words in (("开头", request.opening), ("结尾", request.closing)):
        if words and len(words) > LONGEST:
            raise BriefRefused(f"「{name}」有{len(words)}字，最多{LONGEST}字，请删减后再试。")
