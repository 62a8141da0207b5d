"""What a workbook says beside its cells: which of them are merged, and the day that its numbers count from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from etl.tables import DAY_ZERO, Merge

FIRST_DAY_1904 = "1904-01-01"  # what 0 stands for in workbooks of old Macintoshes
MOST_AREAS = 500_000  # of a workbook or a sheet; no table of a city has as many, and a bomb no end of them
Area = tuple[int, int, int, int]  # first row, last row, first column, last column, counted from 0


@dataclass(frozen=True)
class Beside:
    """day_zero: as of Table. areas: the merged ones of each sheet, by its name."""

    day_zero: str = DAY_ZERO
    areas: Mapping[str, Sequence[Area]] = field(default_factory=dict)


NOTHING = Beside()


def downwards(areas: Iterable[Area], left: int, height: int) -> tuple[Merge, ...]:
    """The areas over several rows of one column, as of Table, for a sheet of so many rows.

    Merged cells never overlap. A file that says so would have each row of it filled as often, and memory
    with it: of two such areas the upper one counts, and none reaches below the last row.
    """
    merged: list[Merge] = []
    ends: dict[int, int] = {}
    for top, bottom, column, last in sorted(areas):
        end = min(bottom, height - 1)
        if column == last >= left and ends.get(column, -1) < top < end:
            ends[column] = end
            merged.append((column - left, top + 1, end + 1))
    return tuple(merged)
