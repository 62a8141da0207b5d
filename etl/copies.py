"""Rows of one file that are the same in every column, or about the same firm or unit: kept, and told.

Two downloads that overlap, joined into one file, count double, and nothing else in the file shows it. A unit
listed twice in a month is a draft beside its correction, or parts beside their whole; a firm may have two codes
of the customs, and is told alone.
"""

from collections.abc import Mapping

import duckdb

from etl.contracts import Source
from etl.slips import NAMED, OWN, SUBJECT
from etl.warehouse import count, month_text

COUNTED = (
    200_000  # rows of a file, up to which all are looked at: of a larger one the rows of every 64th firm
)
PARTS = 64


def remarks(con: duckdb.DuckDBPyConnection, source: Source, file_id: int, rows: int) -> list[str]:
    """What to tell the sender of a file with that many good rows; nothing of kinds that keep no copies."""
    if source.copies != "keep" or source.key or "uscc" not in source.columns:
        return []
    parts = 1 if rows <= COUNTED else PARTS
    columns, part = ", ".join(source.columns), f"hash(uscc) % {parts} = 0"
    if "uscc" in source.words:
        part = f"uscc in (select key from word where hash(text) % {parts} = 0)"
    copies = count(
        con,
        f"""select coalesce(sum(times - 1), 0) from (
            select count(*) as times from {source.stored}
            where file_id = ? and {part} group by {columns} having count(*) > 1)""",
        [file_id],
    )
    if not copies:
        return []
    about = "" if parts == 1 else "约"
    return [
        f"{about}有 {copies * parts} 行与本文件的其他行完全相同，都已计入；若是几次下载拼接时重叠，请删去重复的行再发"
    ]


def repeated(
    con: duckdb.DuckDBPyConnection, source: Source, file_id: int, units: Mapping[str, str], chosen: str = OWN
) -> list[str]:
    """Whose figures stand in several rows of a month, as Chinese phrases; none for kinds whose rows are of nobody.

    units: code → name. chosen: which rows of the fact table, as a condition that may name $file.
    """
    if source.kind not in SUBJECT:
        return []
    subject = SUBJECT[source.kind]
    name = "max(firm_name)" if "firm_name" in source.schema.column_names() else "null"
    rows = con.execute(
        f"""select period, {name}, {subject}, list("row" order by sheet, "row")
        from {source.table} as fact where {chosen}
        group by period, {subject} having count(*) > 1 order by period, min("row")""",
        {"file": file_id},
    ).fetchall()
    told = [
        f"{month_text(period)} 的{name or units.get(code, code)}有 {len(lines)} 行"
        f"（第{'、'.join(map(str, lines[:NAMED]))}行），会相加"
        for period, name, code, lines in rows[:NAMED]
    ]
    return [*told, f"这样的共 {len(rows)} 处"] if len(rows) > NAMED else told
