"""A unit's clusters, parks and rebates in one month. A period is ``YYYY-MM``; amounts are yuan."""

from dataclasses import dataclass, replace
from decimal import Decimal

from dashboard import store
from dashboard.board import month_end
from dashboard.small import is_small
from dashboard.store import Gate

# Days come as they are: DuckDB takes longer to plan what reckons with a parameter's date than to read all rows.
CLUSTERS = """
    select cluster, cast(firms as integer), ttm_cny, top_cny from mart_cluster_month
    where unit = $1 and period = cast($2 as date)
    order by ttm_cny desc, cluster
"""
PARKS = """
    select park.park, cast(count(project.park) as integer)
    from mart_park as park
    left join mart_park_project as project
        on project.park = park.park
        and project.amount_usd >= $3
        and project.brought_in between cast($4 as date) and cast($2 as date)
    where park.unit = $1
    group by park.park order by 2, 1
"""
REBATES = """
    with sorted as (
        select
            state = '正常' as normal, case when state = '正常' then coalesce(rebate_class, '') else '' end as class, workdays
        from mart_rebate_case
        where (unit = $1 or $1 in (select unit from unit where role = 'city'))
            and period between cast($3 as date) and cast($2 as date)
    )
    select normal, class, cast(count(*) as integer), cast(sum(workdays) as integer), max(workdays)
    from sorted
    group by 1, 2 order by 1 desc, strpos('一二三四', class) = 0, strpos('一二三四', class), class
"""


@dataclass(frozen=True)
class Cluster:
    """One cluster of a unit: firms that traded in the twelve months, and their value; None where it is kept back."""

    name: str
    firms: int
    ttm_cny: Decimal | None


@dataclass(frozen=True)
class Park:
    """One park: its projects of the least amount or above in the calendar year so far."""

    name: str
    projects: int


@dataclass(frozen=True)
class Cases:
    """A unit's rebate cases completed this year: normal ones of one class, or all under inquiry.

    workdays, slowest: working days of all and of the slowest; None where they are kept back.
    """

    normal: bool
    rebate_class: str
    cases: int
    workdays: int | None
    slowest: int | None

    @property
    def average(self) -> float | None:
        """Working days a case."""
        return None if self.workdays is None else self.workdays / self.cases


def clusters(gate: Gate, unit: str, period: str) -> tuple[Cluster, ...]:
    """The unit's clusters, the largest first; without the value of a few firms that the viewer may not see."""
    seen = store.sees_firms(gate, unit)
    return tuple(
        Cluster(name, firms, value if seen or not is_small(firms, top, value) else None)
        for name, firms, value, top in store.read(gate, CLUSTERS, unit, f"{period}-01")
    )


def parks(gate: Gate, unit: str, period: str, least_usd: int) -> tuple[Park, ...]:
    """The unit's parks, those with the fewest projects first."""
    until = month_end(period).isoformat()
    rows = store.read(gate, PARKS, unit, until, least_usd, _new_year(period))
    return tuple(Park(*row) for row in rows)


def rebates(gate: Gate, unit: str, period: str) -> tuple[Cases, ...]:
    """The unit's cases, the city's code for all: the normal ones by class, then those under inquiry.

    The days of a class are for who may see the firms: in nearly every month few firms make up what a class adds to the
    year, and one month less another would tell it. The averages that are indicators stay open.
    """
    found = tuple(Cases(*row) for row in store.read(gate, REBATES, unit, f"{period}-01", _new_year(period)))
    if store.sees_firms(gate, unit):
        return found
    return tuple(replace(item, workdays=None, slowest=None) for item in found)


def _new_year(period: str) -> str:
    return f"{period[:4]}-01-01"
