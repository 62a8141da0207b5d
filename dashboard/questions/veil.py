"""What a viewer may see of splits whose single firms they may not: small cells and their complements in one part.

Which cells are small is asked of every single month, and the same cells are hidden in all months, spans and directions:
no difference of two spans, two directions, two places or the whole restores one. The viewer's own unit, whose firms
they see, is known to them and hides nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from dashboard import store
from dashboard.questions.split import Split, summed
from dashboard.rights import may
from dashboard.small import FEWEST_FIRMS, LARGEST_SHARE, Cell, hidden
from dashboard.store import Gate

TOGETHER = "其他（企业少的项，合并列示）"
# $1: the viewer's own unit, which is taken out of the city too. A cell is small where any month of either direction is.
SMALL_OF = """
    with cell as (
        select
            unit, code, period, export, import, {dimension} as dimension,
            {small_export} or {small_import} as small
        from (select *, {code} as code, {export} as export, {import} as import from {mart})
        where unit <> $1
    )
    select
        dimension, unit, code, coalesce(sum(abs(export) + abs(import)), 0) as value, coalesce(bool_or(small), false)
    from cell group by dimension, unit, code
    having count(case when export <> 0 or import <> 0 then 1 end) > 0
    order by dimension, unit, code
"""


def _small(flow: str) -> str:
    return (
        f"coalesce({flow}_firms between 1 and {FEWEST_FIRMS - 1}"
        f" or ({flow}_firms > 0 and {flow}_top > {LARGEST_SHARE} * {flow}), false)"
    )


def _query(mart: str, dimension: str, code: str, export: str, imported: str) -> str:
    words = {"mart": mart, "dimension": dimension, "code": code, "export": export, "import": imported}
    return SMALL_OF.format(**words, small_export=_small("export"), small_import=_small("import"))


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
    values: dict[str, dict[Cell, Decimal]] = {}
    small: dict[str, set[Cell]] = {}
    for dimension, unit, code, value, few in store.read(
        gate, QUERIES[source], gate.viewer.unit or ""
    ).iter_rows():
        values.setdefault(dimension, {})[unit, code] = value
        if few:
            small.setdefault(dimension, set()).add((unit, code))
    city = store.read(gate, "select unit from unit where role = 'city'").item()
    return {
        dimension: hidden(cells, {cell for cell in small.get(dimension, ()) if cell[0] != city})
        for dimension, cells in values.items()
        if dimension != "group"
    }


def _merged(split: Split, codes: set[str]) -> Split:
    parts = [part for part in split.parts if part.code in codes]
    if not parts:
        return split
    together = summed(parts, TOGETHER, all(part.before is not None for part in parts))
    return replace(
        split, parts=(*(part for part in split.parts if part.code not in codes), together), veiled=True
    )
