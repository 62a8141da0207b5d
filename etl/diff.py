"""What changed between two snapshots, by indicator, unit and month: new, gone, or another value or light."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.errors import SnapshotError
from etl.snapshot import Snapshot


@dataclass(frozen=True)
class Change:
    """One scoreboard row that differs. A side that has no such row has status None.

    Values are in the indicator's unit (shares and growth as fractions).
    """

    indicator: str
    unit: str
    period: str
    value_before: float | None
    value_after: float | None
    status_before: str | None
    status_after: str | None

    @property
    def added(self) -> bool:
        """Whether the row is new: of a month, or a unit, that the older snapshot did not know."""
        return self.status_before is None

    @property
    def turned(self) -> bool:
        """Whether the light changed, in a month that both snapshots know."""
        return not self.added and self.status_before != self.status_after


def compare(before: Snapshot, after: Snapshot) -> list[Change]:
    """The rows that differ, newest month first; values count as equal to nine digits.

    Months that only one snapshot has are left out, except the months that the newer one adds at its end; and indicators
    that the newer one does not know: the policy dropped them, no file changed them.
    SnapshotError where one of them cannot be read.
    """
    try:
        return _changes(before, after)
    except duckdb.Error:
        raise SnapshotError(
            f"快照「{before.id}」和「{after.id}」不能比较（文件已损坏或版本不同），请用 trade-kpi doctor --all 检查。"
        ) from None


def _changes(before: Snapshot, after: Snapshot) -> list[Change]:
    with duckdb.connect(":memory:") as con:
        _attach(con, "before", before.path)
        _attach(con, "after", after.path)
        rows = con.execute(
            """
            with known as (select max(period) as newest from before.scoreboard)
            select
                coalesce(old.indicator, new.indicator), coalesce(old.unit, new.unit), coalesce(old.period, new.period),
                old.value, new.value, old.status, new.status
            from before.scoreboard as old
            full outer join after.scoreboard as new
                on new.indicator = old.indicator and new.unit = old.unit and new.period = old.period
            cross join known
            where (old.period is not null or new.period > known.newest)
              and coalesce(new.indicator, old.indicator) in (select indicator from after.scoreboard)
              and (old.status is distinct from new.status
                   or old.value is distinct from new.value
                      and coalesce(abs(old.value - new.value) > 1e-9 * greatest(abs(old.value), abs(new.value)), true))
            order by 3 desc, 1, 2
            """
        ).fetchall()
    return [Change(*row) for row in rows]


def _attach(con: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    quoted = str(path).replace("'", "''")
    con.execute(f"attach '{quoted}' as {name} (read_only)")
