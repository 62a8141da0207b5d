"""What a place trades, with whom and how, over a span and against the same months of the year before. Yuan.

Declarations answer for partners, groups, modes and chapters; the firms' figures for industries. A month that
no file covers makes a span unknown, and a year before that is not covered makes growth unknown, never zero.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboard import store
from dashboard.board import before
from dashboard.questions.split import Part, Split, summed
from dashboard.questions.veil import veiled
from dashboard.store import Gate

MONTHS_BACK = {"month": 0, "ttm": 11}  # of a span's first month; the year to date begins in January
DECLARED_FLOWS = {"total": ("export", "import"), "export": ("export",), "import": ("import",)}

COVERED = """
    select flow, strftime(period, '%Y-%m') as period from coverage where kind = 'declarations' group by flow, period
"""
DECLARED = """
    select
        dimension, code,
        coalesce(sum(case when period >= cast($3 as date) then amount end), 0) as value,
        coalesce(sum(case when period < cast($3 as date) then amount end), 0) as before
    from (
        select
            dimension, code, period,
            case $2 when 'export' then export_cny when 'import' then import_cny
                    else export_cny + import_cny end as amount
        from mart_market_month
        where unit = $1 and (period between cast($3 as date) and cast($4 as date)
                             or period between cast($5 as date) and cast($6 as date))
    )
    group by dimension, code
    having count(case when amount <> 0 then 1 end) > 0
    order by dimension, value desc, code
"""
INDUSTRY_MONTHS = """
    select strftime(period, '%Y-%m') as period, max(months) as months
    from mart_industry_month
    where unit = (select unit from unit where role = 'city')
    group by period
    having count(case when $1 = 'month' then month_export + month_import else step_export + step_import end) = count(*)
"""
INDUSTRIES = """
    select
        industry,
        coalesce(sum(case when period >= cast($4 as date) then amount end), 0) as value,
        coalesce(sum(case when period < cast($4 as date) then amount end), 0) as before
    from (
        select
            industry, period,
            case $3
                when 'month' then case $2 when 'export' then month_export when 'import' then month_import
                                          else month_export + month_import end
                else case $2 when 'export' then step_export when 'import' then step_import
                             else step_export + step_import end
            end as amount
        from mart_industry_month
        where unit = $1 and (period between cast($4 as date) and cast($5 as date)
                             or period between cast($6 as date) and cast($7 as date))
    )
    group by industry
    having count(case when amount <> 0 then 1 end) > 0
    order by value desc, industry
"""


@dataclass(frozen=True)
class Window:
    """The months of a span, both included, as ``YYYY-MM``."""

    first: str
    last: str

    @property
    def months(self) -> tuple[str, ...]:
        """Every month, oldest first."""
        return tuple(reversed(tuple(self._backwards())))

    @property
    def year_before(self) -> "Window":
        """The same months of the year before."""
        return Window(before(self.first, 12), before(self.last, 12))

    def _backwards(self) -> Iterator[str]:
        month = self.last
        while month >= self.first:
            yield month
            month = before(month)


@dataclass(frozen=True)
class Market:
    """What the declarations say of a place.

    missing: months of the span that no file covers; then nothing is split. missing_before: the same of the year
    before; then nothing has growth.
    """

    window: Window
    missing: tuple[str, ...]
    missing_before: tuple[str, ...]
    splits: Mapping[str, Split]

    @property
    def whole(self) -> Part | None:
        """All declarations of the span; None where some are missing."""
        return self.splits["partner"].whole if self.splits else None


@dataclass(frozen=True)
class Industries:
    """A place's trade by the leading industry of its firms. two_months: its month is January and February in one."""

    split: Split
    two_months: bool


def window(period: str, span: str) -> Window:
    """The months of ``month``, ``ytd`` or ``ttm`` that end with the period."""
    return Window(
        f"{period[:4]}-01" if span == "ytd" else before(period, MONTHS_BACK[span]),
        period,
    )


def market(gate: Gate, unit: str, period: str, flow: str, span: str) -> Market:
    """A place's declarations of a span by partner, group, mode and chapter."""
    now = window(period, span)
    missing, missing_before = (_uncovered(gate, item, flow) for item in (now, now.year_before))
    if missing:
        return Market(now, missing, missing_before, {})
    rows = store.read(gate, DECLARED, unit, flow, *_days(now))
    parts: dict[str, list[Part]] = {"partner": [], "group": [], "mode": [], "chapter": []}
    for dimension, code, value, then in rows:
        parts[dimension].append(Part(code, value, None if missing_before else then))
    whole = summed(parts["partner"], "", not missing_before)
    splits = {name: Split(tuple(group), whole) for name, group in parts.items()}
    return Market(now, (), missing_before, veiled(gate, "declared", unit, splits))


def industries(gate: Gate, unit: str, period: str, flow: str, span: str) -> Industries | None:
    """A place's trade by the leading industry of its firms; None where the span is not covered."""
    now = window(period, span)
    lengths = dict(store.read(gate, INDUSTRY_MONTHS, span))
    spoken, spoken_before = (_spoken_for(lengths, item, span) for item in (now, now.year_before))
    two_months = span == "month" and len(spoken) > 1
    if not (two_months or spoken == set(now.months)):
        return None
    known = spoken_before == {before(month, 12) for month in spoken}
    rows = store.read(gate, INDUSTRIES, unit, flow, span, *_days(now))
    parts = tuple(Part(code, value, then if known else None) for code, value, then in rows)
    split = Split(parts, summed(parts, "", known))
    return Industries(veiled(gate, "industry", unit, {"industry": split})["industry"], two_months)


def _uncovered(gate: Gate, span: Window, flow: str) -> tuple[str, ...]:
    """The months of a span for which declarations of that direction were never loaded."""
    covered = set(store.read(gate, COVERED))
    return tuple(m for m in span.months if any((f, m) not in covered for f in DECLARED_FLOWS[flow]))


def _spoken_for(lengths: Mapping[str, int], months: Window, span: str) -> set[str]:
    """The months that the figures of a span speak for.

    That of February may be January's too; so is what February added to the year, where January has no figure.
    """
    return {
        before(month, back)
        for month in months.months
        for back in range(lengths.get(month, 0))
        if not back or span == "month" or before(month, back) not in lengths
    }


def _days(span: Window) -> tuple[str, str, str, str]:
    """First days of the first and last month, now and a year before, as SQL dates."""
    then = span.year_before
    first, last, first_then, last_then = (
        f"{month}-01" for month in (span.first, span.last, then.first, then.last)
    )
    return first, last, first_then, last_then
