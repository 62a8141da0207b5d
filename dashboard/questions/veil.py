"""What a viewer may see of splits whose single firms they may not: small cells and their complements in one part.

Which cells are small is asked of every single month and direction, and the same cells are hidden in all months, spans and
directions: no difference of two spans, two directions, two places or the whole restores one, and no month in which what
is hidden beside it is empty. A new month only adds to what is hidden, so that no older snapshot has other cells to
subtract. The viewer's own unit, whose firms they see, is known to them and hides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from sys import intern
from typing import Any

from dashboard import store
from dashboard.opened import Connection
from dashboard.questions.split import TOGETHER, Split, summed
from dashboard.rights import may
from dashboard.small import FEWEST_FIRMS, LARGEST_SHARE, Cell, hidden_in_all
from dashboard.store import Gate

BATCH = 1000
# $1: the viewer's own unit, which is taken out of the city too. A cell is a code of a unit, or of the city without the
# viewer's own unit, in one month and direction; groups of partners overlap and are no parts of a whole.
CELLS_OF = """
    with unit_cell as (
        select {dimension} as dimension, unit, {code} as code, period, {export} as export, {import} as import,
            export_firms, import_firms, export_top, import_top
        from {mart} as mart
        where unit <> $1 and unit not in (select unit from unit where role = 'city')
    ),
    flow_cell as (
        select dimension, unit, code, period, 'export' as flow, export as value, export_firms as firms, export_top as top
        from unit_cell where export <> 0
        union all
        select dimension, unit, code, period, 'import', import, import_firms, import_top from unit_cell where import <> 0
    ),
    cell as (
        select dimension, unit, code, period, flow, abs(value) as size, value, firms, top from flow_cell
        union all
        select
            dimension, (select unit from unit where role = 'city'), code, period, flow,
            sum(abs(value)), sum(value), sum(firms), max(top)
        from flow_cell group by dimension, code, period, flow
    )
    select
        dimension, period, flow, unit, code, size,
        coalesce(firms between 1 and {fewest} - 1 or (firms > 0 and top > {largest} * value), false) as small
    from cell where dimension <> 'group' order by dimension, period, flow, unit, code
"""


def _query(mart: str, dimension: str, code: str, export: str, imported: str) -> str:
    words = {"mart": mart, "dimension": dimension, "code": code, "export": export, "import": imported}
    return CELLS_OF.format(**words, fewest=FEWEST_FIRMS, largest=LARGEST_SHARE)


QUERIES = {
    "declared": _query("mart_market_month", "dimension", "code", "export_cny", "import_cny"),
    "industry": _query(
        "mart_industry_month", "'industry'", "industry", "coalesce(step_export, month_export)",
        "coalesce(step_import, month_import)",
    ),
}  # fmt: skip


def veiled(gate: Gate, source: str, unit: str, splits: Mapping[str, Split]) -> Mapping[str, Split]:
    """The splits of a unit (the city's code: of all units) as the viewer may see them.

    Groups of partners overlap and would tell partners apart: they are shown where no partner is hidden, or not at all.
    """
    if may(gate.viewer, "all_firms") or (gate.viewer.unit == unit and store.sees_firms(gate, unit)):
        return splits
    kept_back = store.remember(gate, ("veil", source), lambda: _hidden(gate, source))
    shown = {
        name: _merged(split, {code for row, code in kept_back.get(name, frozenset()) if row == unit})
        for name, split in splits.items()
    }
    if "group" in shown and shown["partner"].veiled:
        shown["group"] = replace(splits["group"], parts=(), veiled=True)
    return shown


def _hidden(gate: Gate, source: str) -> dict[str, frozenset[Cell]]:
    def found(con: Connection) -> dict[str, frozenset[Cell]]:
        rows = _read(con, QUERIES[source], gate.viewer.unit or "")
        return {
            dimension: hidden_in_all(_table(month) for _, month in groupby(each, key=lambda row: row[1:3]))
            for dimension, each in groupby(rows, key=lambda row: row[0])
        }

    return store.ask(gate, found)


def _read(con: Connection, query: str, own: str) -> Iterator[tuple[Any, ...]]:
    """The cells in batches: all of every month at once are 20 MB of small objects, for each county that asks."""
    cells = con.execute(query, [own])
    while batch := cells.fetchmany(BATCH):
        yield from batch


def _table(rows: Iterator[tuple[Any, ...]]) -> tuple[Mapping[Cell, Decimal], list[Cell]]:
    """The cells of one month and direction that are not empty with their sizes, and which of them are small."""
    values, small = {}, []
    for *_, unit, code, size, few in rows:
        cell = intern(unit), intern(code)  # what is hidden is kept for each county: one text for all of them
        values[cell] = size
        if few:
            small.append(cell)
    return values, small


def _merged(split: Split, codes: set[str]) -> Split:
    parts = [part for part in split.parts if part.code in codes]
    if not parts:
        return split
    together = summed(parts, TOGETHER, all(part.before is not None for part in parts))
    return replace(
        split, parts=(*(part for part in split.parts if part.code not in codes), together), veiled=True
    )
