"""Which source rows stand behind a figure that is no indicator, and by which rule it came about. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from dashboard.board import before
from dashboard.brief.document import Key
from etl.policy import Indicator, Policy

ANY = Decimal("0.000001")  # yuan: the least that is above nothing
ESTIMATED = "「本年累计×上年全年÷上年同月累计」推算"


@dataclass(frozen=True)
class Rows:
    """The rows of one SELECT of ``etl/sql/lineage``, of a place and a month (``YYYY-MM``)."""

    lineage: str
    unit: str
    period: str
    parameters: Mapping[str, object]

    def asked(self, like: Indicator) -> Indicator:
        """An indicator with these rows behind it, known by them."""
        id = f"{self.lineage} {sorted(self.parameters.items())}"
        return replace(like, id=id, lineage=self.lineage, parameters=dict(self.parameters))


Found = Callable[[Policy, Key], tuple[Rows, ...]]


def of_indicator(indicator: Indicator, key: Key) -> tuple[Rows, ...]:
    """What an indicator's own figures rest on."""
    return (Rows(indicator.lineage, key.unit, key.period, indicator.parameters),)


def of_year_end(indicator: Indicator, key: Key) -> tuple[Rows, ...]:
    """What its estimate of the year's end rests on: the year so far, last year and last year's same months."""
    if "base_year" in indicator.parameters:  # whose rows are of all months of two years
        year = int(key.period[:4])
        now = Rows(indicator.lineage, key.unit, key.period, {**indicator.parameters, "base_year": year})
        return now, Rows(indicator.lineage, key.unit, f"{year - 1}-12", indicator.parameters)
    return tuple(Rows(indicator.lineage, key.unit, at, indicator.parameters) for at in _twelve(key.period))


def _twelve(period: str) -> tuple[str, ...]:
    """The months whose cumulatives make up the twelve months that end with one."""
    return (period,) if period.endswith("-12") else (period, f"{int(period[:4]) - 1}-12", before(period, 12))


def _none(policy: Policy, key: Key) -> tuple[Rows, ...]:
    return ()


def _trade(policy: Policy, key: Key) -> tuple[Rows, ...]:
    return (Rows("unit_trade", key.unit, key.period, {}),)


def _twelve_months(policy: Policy, key: Key) -> tuple[Rows, ...]:
    return tuple(Rows("unit_trade", key.unit, at, {}) for at in _twelve(key.period))


def _beside_city(policy: Policy, key: Key) -> tuple[Rows, ...]:
    return tuple(Rows("unit_trade", unit, key.period, {}) for unit in (key.unit, policy.city.code))


def _firms(line: Decimal | int, key: Key) -> tuple[Rows, ...]:
    return (Rows("firm_trade", key.unit, key.period, {"threshold_cny": line}),)


def _over(policy: Policy, key: Key) -> tuple[Rows, ...]:
    return _firms(int(key.topic.removeprefix("tier_")), key)


def _near(policy: Policy, key: Key) -> tuple[Rows, ...]:
    return _firms(policy.document.tiers_cny[0] * policy.document.near_line_share, key)


def _trading(policy: Policy, key: Key) -> tuple[Rows, ...]:
    return _firms(ANY, key)


def _cbec(policy: Policy, key: Key) -> tuple[Rows, ...]:
    return (Rows("cbec", key.unit, key.period, {"base_year": int(key.period[:4])}),)


def _paid(policy: Policy, key: Key) -> tuple[Rows, ...]:
    since = policy.document.issued
    if key.topic == "support_year":
        since = max(since, f"{key.period[:4]}-01-01")
    return (Rows("payments", key.unit, key.period, {"since": since}),)


def _certified(policy: Policy, key: Key) -> tuple[Rows, ...]:
    return (Rows("certified", key.unit, key.period, {}),)


MOVED = (
    "升降档为与当时的档次相比，新增、退出为与上一个12个月相比，都按统一社会信用代码计。"
    "来源为本月有进出口实绩的企业的行。"
)
# By how a figure's topic begins, the first that does: how it comes about, and its rows.
DERIVED: Mapping[str, tuple[str, Found]] = {
    "month_": (
        "当月进出口，取数顺序：县市区月表、企业月表、海关明细。所列为来源行的累计，当月数在同一行。",
        _trade,
    ),
    "ytd_": ("本年1月至本月累计进出口，取数顺序：县市区月表、企业月表、海关明细。", _trade),
    "ttm_": ("近12个月＝本年累计＋上年全年累计－上年同期累计。", _twelve_months),
    "share_total": ("本地本年累计进出口÷全市本年累计进出口。", _beside_city),
    "year_end_total": (f"出口、进口各按{ESTIMATED}后相加；只供参考，不亮灯。", _twelve_months),
    "tier_near": (
        "近12个月进出口达到下一档的近线比例而尚未达到该档的企业，按统一社会信用代码计。"
        "来源为近12个月进出口达到最低一档近线比例的全部企业的行。",
        _near,
    ),
    "tier_": ("近12个月进出口达到该档（含）的企业，按统一社会信用代码计，一个代码为一家。", _over),
    "cbec_": (
        "跨境电商进出口之和；跨境电商月度表优先，其次海关明细的跨境电商监管方式。来源为本年1月至本月的行。",
        _cbec,
    ),
    "aeo": ("企业名录中本月有效、标明AEO高级认证的企业，按统一社会信用代码计。", _certified),
    "support_": (
        "资金台账中自文件印发之日起、至本月末已拨付的市级支持资金；拨给机关的不计企业数。",
        _paid,
    ),
    "firms_trading": ("近12个月进出口大于零的企业，按统一社会信用代码计。", _trading),
    "firms_": (MOVED, _trading),
    "near_line": ("近12个月进出口达到下一档的这个比例而尚未达到该档的，为近线企业。", _none),
    "rank": ("综合位次按亮灯项数中绿灯占比排序，占比相同的按已达标项数，并列的位次相同。", _none),
    "lights": ("灯在发布快照时一次算定，按记分表的行计数。", _none),
}


def derived(policy: Policy, key: Key) -> tuple[str, tuple[Rows, ...]]:
    """The rule and the rows of a figure that is no indicator; a topic that nobody knows has neither."""
    rule, found = next((said for start, said in DERIVED.items() if key.topic.startswith(start)), ("", _none))
    return rule, found(policy, key)
