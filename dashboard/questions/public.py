"""Growth of the province and the nation by the public customs statistics, beside the city's own.

The public query knows neither cities nor e-commerce, and may have been narrowed to some goods or provinces: growth
is of what it holds, and a nation is one only where the query was not narrowed to some of its provinces.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import store
from dashboard.board import before
from dashboard.questions.market import Window, window
from dashboard.store import Gate
from dashboard.trade import trade_row
from etl.policy import Policy, Unit

NATION, NATION_NAME = "all", "全国"
ALL_PROVINCES = 31
ALIKE = 0.1  # by how much of the larger the number of goods may differ between months that are compared
FLOWS = ("export", "import")
PUBLIC = """
    select area, area_name, flow, strftime(period, '%Y-%m') as period, cast(value_cny as double) as value_cny,
           cast(goods as integer) as goods, cast(provinces as integer) as provinces
    from mart_public_month where area in ('all', $1) order by area, flow, period
"""


@dataclass(frozen=True)
class Growth:
    """One area's growth as fractions, by direction; None where it is not known."""

    name: str
    month: Mapping[str, float | None]
    ytd: Mapping[str, float | None]


@dataclass(frozen=True)
class Public:
    """What the public statistics hold. first, last: months loaded, with so many gaps between.

    goods, provinces: how many the period's query was split into, 0 where it was not. areas: empty where the
    period is not loaded.
    """

    first: str
    last: str
    gaps: int
    goods: int
    provinces: int
    areas: tuple[Growth, ...]


@dataclass(frozen=True)
class Beside:
    """Places here beside the public statistics, which are None where none are loaded.

    months: 2 where the month compared is January and February in one, as the tables here have it.
    """

    months: int
    here: tuple[Growth, ...]
    public: Public | None


@dataclass(frozen=True)
class Month:
    """One area's month in one direction: yuan (None in a query in dollars), goods and provinces behind it."""

    value: float | None
    goods: int
    provinces: int

    @property
    def whole(self) -> bool:
        """Whether it holds all provinces."""
        return not self.provinces or self.provinces >= ALL_PROVINCES


Series = Mapping[str, Month]


def beside(gate: Gate, policy: Policy, unit: str, period: str) -> Beside:
    """A place and the city beside the province and the nation."""
    places = [policy.unit(code) for code in dict.fromkeys((unit, policy.city.code))]
    row = trade_row(gate, unit, period)
    months = row["months"] or 1 if row else 1
    return Beside(
        months,
        tuple(_place(gate, place, period, months) for place in places),
        public(gate, policy, period, months),
    )


def public(gate: Gate, policy: Policy, period: str, months: int = 1) -> Public | None:
    """Province and nation in that period; None where no public statistics are loaded."""
    queries: dict[str, list[Month]] = {}
    areas: dict[str, dict[str, dict[str, Month]]] = {}
    for area, name, flow, period_of, *figures in store.read(gate, PUBLIC, policy.city.code[:2]):
        month = Month(*figures)
        if area == NATION:
            queries.setdefault(period_of, []).append(month)
        if area != NATION or month.whole:
            areas.setdefault(name or NATION_NAME, {}).setdefault(flow, {})[period_of] = month
    if not queries:
        return None
    first, last, here = min(queries), max(queries), queries.get(period, [])
    return Public(
        first,
        last,
        len(Window(first, last).months) - len(queries),
        max((month.goods for month in here), default=0),
        max((month.provinces for month in here), default=0),
        tuple(_area(name, flows, period, months) for name, flows in areas.items() if here),
    )


def _place(gate: Gate, unit: Unit, period: str, months: int) -> Growth:
    """A place here, from the source that wins for it."""
    now, then = (trade_row(gate, unit.code, month) for month in (period, before(period, 12)))
    if now is None:
        return Growth(unit.short, dict.fromkeys(FLOWS), dict.fromkeys(FLOWS))
    alike = then is not None and now["months"] == then["months"] == months
    base = then if then is not None and alike else {}
    month = {flow: _ratio(now[f"month_{flow}"], base.get(f"month_{flow}")) for flow in FLOWS}
    return Growth(unit.short, month, {flow: now[f"yoy_{flow}"] for flow in FLOWS})


def _area(name: str, flows: Mapping[str, Series], period: str, months: int) -> Growth:
    spans = (Window(before(period, months - 1), period), window(period, "ytd"))
    month, ytd = ({flow: growth(flows.get(flow, {}), span) for flow in FLOWS} for span in spans)
    return Growth(name, month, ytd)


def growth(series: Series, span: Window) -> float | None:
    """Of a span on the same months a year before; None unless all are there and hold about as many goods."""
    now, then = (
        [series[month] for month in item.months if month in series] for item in (span, span.year_before)
    )
    if len(now) < len(span.months) or len(then) < len(span.months):
        return None
    goods = [month.goods for month in (*now, *then)]
    if max(goods) - min(goods) > ALIKE * max(goods):
        return None
    return _ratio(_sum(now), _sum(then))


def _sum(months: list[Month]) -> float | None:
    values = [month.value for month in months if month.value is not None]
    return sum(values) if len(values) == len(months) else None


def _ratio(now: float | None, then: float | None) -> float | None:
    return float(now / then - 1) if now is not None and then is not None and then > 0 else None
