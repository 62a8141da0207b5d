"""Rows of one file that are the same in every column: kept, because two consignments may be, but told.

Two downloads that overlap, joined into one file, count double, and nothing else in the file shows it.
"""

import duckdb

from etl.contracts import Source
from etl.warehouse import count

COUNTED = (
    200_000  # rows of a file, up to which all are looked at: of a larger one the rows of every 64th firm
)
PARTS = 64


def remarks(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, rows: int) -> list[str]:
    """What to tell the sender of a file with that many good rows; nothing of kinds that keep no copies."""
    if source.copies != "keep" or source.key or "uscc" not in source.columns:
        return []
    parts = 1 if rows <= COUNTED else PARTS
    columns = ", ".join(source.columns)
    copies = count(
        con,
        f"""select coalesce(sum(times - 1), 0) from (
            select count(*) as times from {source.table}
            where file_id = ? and hash(uscc) % {parts} = 0 group by {columns} having count(*) > 1)""",
        [file_id],
    )
    if not copies:
        return []
    about = "" if parts == 1 else "约"
    return [
        f"{about}有 {copies * parts} 行与本文件的其他行完全相同，都已计入；若是几次下载拼接时重叠，请删去重复的行再发"
    ]
