"""One firm, and the search for it. A county sees only the rows of the months in which the firm was its own.

uscc: a 统一社会信用代码; a period is ``YYYY-MM``; amounts are yuan. A viewer who may see no firm at all, or a
county that asks for another's, gets Forbidden, in the same words as for a code that nobody has.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dashboard import store
from dashboard.address import LONGEST
from dashboard.questions.until import until
from dashboard.store import Forbidden, Gate

MOST_FOUND = 30

# Where every firm stands in the period, or in the last month before it that tables of firms cover.
KNOWN = """
    known as (
        select firm.uscc, firm.firm_name, firm.unit, firm.ttm_total
        from mart_firm_month as firm
        where firm.period = (select max(period) from mart_firm_month where period <= cast($2 || '-01' as date))
        union all
        select uscc, firm_name, unit, null
        from mart_registry as registry
        where valid_from <= last_day(cast($2 || '-01' as date)) and valid_to > last_day(cast($2 || '-01' as date))
            and not exists (select 1 from mart_firm_month as firm where firm.uscc = registry.uscc)
    ),
    visible as (select * from known where $1 = '' or unit = $1)
"""
FOUND = f"""
    with {KNOWN}
    select uscc, coalesce(firm_name, ''), unit, ttm_total, count(*) over ()
    from visible
    where contains(lower(firm_name), lower($3)) or contains(uscc, upper($3))
        or uscc in (
            select uscc from mart_registry where contains(lower(firm_name), lower($3)) and ($1 = '' or unit = $1)
        )
    order by ttm_total desc nulls last, uscc limit {MOST_FOUND}
"""
ONE = f"with {KNOWN} select uscc, coalesce(firm_name, ''), unit, ttm_total from visible where uscc = $3"
SPANS = """
    select firm_name, unit, park, industry, cluster, rebate_class, aeo, valid_from, valid_to
    from mart_registry
    where uscc = $3 and ($1 = '' or unit = $1) and valid_from <= last_day(cast($2 || '-01' as date))
    order by valid_from
"""
MONTHS = """
    select
        strftime(now.period, '%Y-%m'), now.months, now.source, now.unit, now.unit_basis,
        now.month_export, now.month_import, now.ytd_export, now.ytd_import, now.ttm_export, now.ttm_import,
        year_ago.ytd_export, year_ago.ytd_import, tier.next_cny
    from mart_firm_month as now
    left join mart_firm_tier as tier on tier.uscc = now.uscc and tier.period = now.period
    left join mart_firm_month as year_ago
        on year_ago.uscc = now.uscc and year_ago.period = now.period - interval 1 year
    where now.uscc = $3 and ($1 = '' or now.unit = $1) and now.period <= cast($2 || '-01' as date)
    order by now.period
"""
REBATES = """
    select
        cast(year(period) as integer), cast(sum(cases) as bigint), cast(sum(normal_cases) as bigint),
        cast(sum(normal_workdays) as double) / nullif(cast(sum(normal_cases) as double), 0), sum(amount_cny)
    from mart_firm_rebate
    where uscc = $3 and ($1 = '' or unit = $1) and period <= cast($2 || '-01' as date)
    group by year(period) order by 1 desc
"""
SUPPORT = """
    select paid, item, amount_cny
    from mart_firm_support
    where uscc = $3 and ($1 = '' or unit = $1) and paid <= cast($2 as date)
    order by paid desc, item
"""
SOURCES = """
    select files.name, source.kind, source.sheet, source.row_count, source.first_row, source.last_row, source.month_cny
    from mart_firm_source as source
    inner join files on files.file_id = source.file_id
    where source.uscc = $3 and source.period = cast($2 || '-01' as date)
        and ($1 = '' or exists (
            select 1 from mart_firm_month as firm
            where firm.uscc = source.uscc and firm.period = source.period and firm.unit = $1))
    order by source.kind = 'declarations', files.name, source.sheet
"""


@dataclass(frozen=True)
class Firm:
    """A firm as it stands in the period. ttm_cny: None where the twelve months are not known."""

    uscc: str
    name: str
    unit: str
    ttm_cny: Decimal | None


@dataclass(frozen=True)
class Found:
    """The largest firms that a search met, and how many it met in all."""

    firms: tuple[Firm, ...]
    total: int


@dataclass(frozen=True)
class Span:
    """What the registry says of a firm from one day up to the day before another."""

    name: str | None
    unit: str
    park: str | None
    industry: str | None
    cluster: str | None
    rebate_class: str | None
    aeo: str | None
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Flows:
    """Exports and imports of one span; either may be missing."""

    export_cny: Decimal | None
    import_cny: Decimal | None

    @property
    def total_cny(self) -> Decimal | None:
        """Both together; missing where either is."""
        if self.export_cny is None or self.import_cny is None:
            return None
        return self.export_cny + self.import_cny


@dataclass(frozen=True)
class Month:
    """A firm's trade: the month, the year so far, twelve months, and the year before so far.

    months: 2 where 当月 is the combined 1—2月. basis: what decided the unit. next_cny: the next line that the
    twelve months have not reached; None at the top or where they are not known.
    """

    period: str
    months: int
    source: str
    unit: str
    basis: str
    month: Flows
    ytd: Flows
    ttm: Flows
    last_year: Flows
    next_cny: Decimal | None


@dataclass(frozen=True)
class Rebates:
    """A firm's rebate cases completed in one year; days: working days on average of the normal ones."""

    year: int
    cases: int
    normal: int
    days: float | None
    amount_cny: Decimal | None


@dataclass(frozen=True)
class Payment:
    """City-level support of one item paid to a firm on one day."""

    paid: date
    item: str
    amount_cny: Decimal


@dataclass(frozen=True)
class Origin:
    """The rows of one sheet that have the firm's figures of a month, by number and between which."""

    file: str
    kind: str
    sheet: str
    rows: int
    first: int
    last: int
    month_cny: Decimal | None


@dataclass(frozen=True)
class Profile:
    """All that a firm's page shows, as far as the viewer may see it. months: oldest first, up to the period."""

    firm: Firm
    spans: tuple[Span, ...]
    months: tuple[Month, ...]
    rebates: tuple[Rebates, ...]
    support: tuple[Payment, ...]
    origins: tuple[Origin, ...]


def find(gate: Gate, period: str, typed: str) -> Found:
    """The firms whose name, former name or code has what was typed, among those that the viewer may see."""
    rows = store.read(gate, FOUND, store.firm_scope(gate), period, typed.strip()[:LONGEST])
    return Found(tuple(Firm(*row[:4]) for row in rows), rows[0][4] if rows else 0)


def profile(gate: Gate, uscc: str, period: str) -> Profile | None:
    """One firm's page; None for a code that nobody has. Forbidden unless the viewer may see that firm."""
    asked = (store.firm_scope(gate), period, uscc)
    rows = store.read(gate, ONE, *asked)
    if not rows:
        if asked[0]:
            raise Forbidden("没有找到这家企业，或它不是本地企业；县市区账号只能看本地企业。")
        return None

    day = until(gate, period)

    def records(query: str) -> list[tuple[Any, ...]]:
        return store.read(gate, query, *asked)

    return Profile(
        Firm(*rows[0]),
        tuple(Span(*row) for row in records(SPANS)),
        tuple(_month(row) for row in records(MONTHS)),
        tuple(Rebates(*row) for row in records(REBATES)),
        tuple(Payment(*row) for row in store.read(gate, SUPPORT, asked[0], day, uscc)),
        tuple(Origin(*row) for row in records(SOURCES)),
    )


def _month(row: tuple[Any, ...]) -> Month:
    period, months, source, unit, basis, *figures, next_cny = row
    month, ytd, ttm, last_year = (Flows(*figures[at : at + 2]) for at in range(0, 8, 2))
    return Month(period, months, source, unit, basis, month, ytd, ttm, last_year, next_cny)
