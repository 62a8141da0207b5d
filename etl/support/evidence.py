"""What the loaded data say about the facts that decide who may apply: for every firm, and for events that name none."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import duckdb

from etl.goods import ENCOURAGED
from etl.monitors import Monitor, ranked_in
from etl.support.rules import Evidence, Fact, Rules

YEAR = "period > cast($1 as date) - interval 12 month and period <= cast($1 as date)"
WHOLE = "select flow from mart_declared_span where period = $1 and twelve and list_contains($2, flow)"
FIRMS = """
    select belonging.uscc, coalesce(belonging.firm_name, named.firm_name, belonging.uscc), belonging.unit
    from mart_belonging as belonging
    left join (
        select uscc, max_by(firm_name, period) as firm_name from mart_firm_month where period <= $1 group by uscc
    ) as named on named.uscc = belonging.uscc
    where belonging.valid_from <= last_day(cast($1 as date)) and belonging.valid_to > last_day(cast($1 as date))
    order by belonging.uscc
"""
EVENTS = """
    select name, coalesce(unit, 'unassigned'), happened from fact_events
    where list_contains($2, category) and happened >= $3 and happened <= last_day(cast($1 as date))
    order by happened, name
"""


@dataclass(frozen=True)
class Firm:
    """A firm as the data know it in the month."""

    uscc: str
    name: str
    unit: str


@dataclass(frozen=True)
class Event:
    """Something that happened and names no firm by its code."""

    name: str
    unit: str
    day: dt.date


@dataclass(frozen=True)
class Known:
    """What the data say. yes: fact → the firms it holds for; a fact that is not there is known of nobody.

    silent: fact → firms of which the data say nothing. events: fact → those that stand for it.
    """

    firms: tuple[Firm, ...]
    yes: Mapping[str, frozenset[str]]
    silent: Mapping[str, frozenset[str]]
    events: Mapping[str, tuple[Event, ...]]

    def of(self, uscc: str) -> dict[str, bool | None]:
        """What is known of one firm: fact → whether it holds; what nobody knows is not there."""
        return {
            fact: None if uscc in self.silent.get(fact, ()) else uscc in holders
            for fact, holders in self.yes.items()
        }


def known(
    con: duckdb.DuckDBPyConnection, rules: Rules, monitors: Iterable[Monitor], month: dt.date, since: dt.date
) -> Known:
    """Ask the snapshot about every fact, as of the month. since: events before that day say nothing."""
    rankings = {monitor.id: monitor for monitor in monitors}
    firms = tuple(Firm(*row) for row in con.execute(FIRMS, [month]).fetchall())
    yes: dict[str, frozenset[str]] = {}
    silent: dict[str, frozenset[str]] = {}
    events: dict[str, tuple[Event, ...]] = {}
    for fact in rules.facts:
        if fact.source == "event":
            rows = con.execute(EVENTS, [month, list(fact.values), since]).fetchall()
            events[fact.id] = tuple(Event(*row) for row in rows)
            continue
        if fact.source == "ranking":
            found = _ranked(con, rankings[fact.values[0]], month)
        else:
            ask = SOURCES.get(fact.source)
            found = ask(con, fact, month) if ask else None
        if found:
            yes[fact.id] = found[0]
            silent[fact.id] = (
                frozenset(firm.uscc for firm in firms) - found[0] if found[1] is None else found[1]
            )
    return Known(firms, yes, silent, events)


# The firms that a fact holds for, and those of which the data say nothing; None: of nobody else do they say anything.
Found = tuple[frozenset[str], frozenset[str] | None]


def _aeo(con: duckdb.DuckDBPyConnection, fact: Fact, month: dt.date) -> Found | None:
    """By the registry; it says nothing of a firm whose cell is empty or that it does not list."""
    at = "valid_from <= last_day(cast($1 as date)) and valid_to > last_day(cast($1 as date))"
    return (
        _codes(con, f"select uscc from mart_belonging where aeo = '是' and {at}", [month]),
        _codes(con, f"select uscc from mart_belonging where aeo is null and {at}", [month]),
    )


def _trade(column: str) -> Callable[[duckdb.DuckDBPyConnection, Fact, dt.date], Found | None]:
    def ask(con: duckdb.DuckDBPyConnection, fact: Fact, month: dt.date) -> Found | None:
        at = "from mart_firm_month where period = $1"
        if not _codes(con, f"select uscc {at} and {column} is not null limit 1", [month]):
            return None  # the twelve months are not there
        traded = _codes(con, f"select uscc {at} and {column} > 0", [month])
        return traded, _codes(con, f"select uscc {at} and {column} is null", [month])

    return ask


def _cbec(con: duckdb.DuckDBPyConnection, fact: Fact, month: dt.date) -> Found | None:
    query = f"""
        select declared.uscc from mart_declared_month as declared
        inner join cbec_mode on cbec_mode.mode = declared.mode
        where {YEAR} group by declared.uscc having sum(export_cny + import_cny) > 0"""
    return _declared(con, query, [month], ("export", "import"))


def _exports_goods(con: duckdb.DuckDBPyConnection, fact: Fact, month: dt.date) -> Found | None:
    """Exporters of goods that the policy lists, the largest first; all, or as many as the fact says."""
    query = f"""
        select uscc from mart_firm_goods_month where {YEAR} and list_contains($2, goods)
        group by uscc having sum(export_cny) > 0
        order by sum(export_cny) desc, uscc limit $3"""
    asked = [month, list(fact.values), fact.top or MOST]
    return _declared(con, query, asked, ("export",))


def _encouraged(con: duckdb.DuckDBPyConnection, fact: Fact, month: dt.date) -> Found | None:
    """Importers of goods of the provincial catalogue; not known where no catalogue is loaded."""
    if not _codes(con, "select hs_code from fact_encouraged_goods limit 1", []):
        return None
    query = f"""
        select uscc from mart_firm_goods_month where {YEAR} and goods = $2
        group by uscc having sum(import_cny) > 0"""
    return _declared(con, query, [month, ENCOURAGED], ("import",))


def _declared(
    con: duckdb.DuckDBPyConnection, query: str, asked: list[object], flows: tuple[str, ...]
) -> Found | None:
    """Who is found in the declarations; nothing is known of others unless twelve months of the directions are loaded."""
    found = _codes(con, query, asked)
    if _codes(con, WHOLE, [asked[0], list(flows)]) == set(flows):
        return found, frozenset()
    return (found, None) if found else None


def _ranked(con: duckdb.DuckDBPyConnection, monitor: Monitor, month: dt.date) -> Found | None:
    """The best of a monitor's ranking in the month; not known where nobody takes part in it."""
    ranked = ranked_in(con, monitor, month)
    return (frozenset(row["part"] for row in ranked if row["top"]), frozenset()) if ranked else None


def _codes(con: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> frozenset[str]:
    return frozenset(row[0] for row in con.execute(query, values).fetchall())


MOST = 1_000_000_000  # no limit
SOURCES: Mapping[Evidence, Callable[[duckdb.DuckDBPyConnection, Fact, dt.date], Found | None]] = {
    "aeo": _aeo,
    "trades": _trade("ttm_total"),
    "exports": _trade("ttm_export"),
    "cbec": _cbec,
    "exports_goods": _exports_goods,
    "encouraged_imports": _encouraged,
}
