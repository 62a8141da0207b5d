"""The marts worked out by Apache Spark, for facts that are too many for one machine.

What a mart reads goes out of the snapshot as Parquet, once: the declarations in one folder a month, so that
a new month takes its own rows along and no others. Spark runs the same SELECT, translated; its rows come back as
Parquet, in the types that DuckDB gives that SELECT.

All of it lies in one folder beside the database that is being built, with which it is swept. A cluster must see
that folder under the same path. Without a cluster's address Spark runs here, and listens on the loopback alone.
"""

import functools
import importlib.util
import logging
import os
import shutil
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any

import duckdb

from etl.engine import ENGINE, Rows, of_months
from etl.errors import UserError
from etl.space import NO_SPACE
from etl.warehouse import first_row, select

MASTER, MEMORY = "TRADE_KPI_SPARK_MASTER", "TRADE_KPI_SPARK_MEMORY"
DECLARATIONS = "coded_declarations"  # a folder a month
OTHERWISE = f"或去掉环境变量 {ENGINE}，用 DuckDB 计算。"
JAVA_OPTIONS = "-Duser.timezone=UTC -Dfile.encoding=UTF-8 -XX:-UsePerfData"
SETTINGS = {
    "spark.app.name": "trade-kpi",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.catalogImplementation": "in-memory",
}
ON_LOOPBACK = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "16",
}
SECONDS_TO_END = 30
TOLD_BYTES = 4096
log = logging.getLogger(__name__)


def require() -> None:
    """Raise UserError where what Spark needs is not on this machine."""
    if not all(importlib.util.find_spec(name) for name in ("pyspark", "sqlglot")):
        raise UserError(f"没有安装 PySpark，请安装 trade-kpi[spark]，{OTHERWISE}")
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=f"{home}/bin" if home else None):
        raise UserError(f"找不到 Java，请安装 Java 17 或更新的版本，{OTHERWISE}")


@contextmanager
def running(con: duckdb.DuckDBPyConnection) -> Iterator[Rows]:
    """Spark for as long as the marts of one snapshot are built; nothing of it is left afterwards."""
    with _folder(con) as folder, _session(folder) as session:
        yield partial(_rows, session=session, tables=_Tables(folder))


@dataclass(frozen=True)
class _Tables:
    """What is out as Parquet already: tables, and the months of the declarations."""

    folder: Path
    out: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put_out(self, con: duckdb.DuckDBPyConnection, table: str, months: Sequence[str] | None) -> str:
        """The folder of a table, with the declarations of those months at least, and with the whole of any other."""
        place = self.folder / "tables" / table
        with self.lock:
            parts = [table] if table != DECLARATIONS else _all_months(con) if months is None else months
            new = [part for part in parts if part not in self.out]
            place.mkdir(parents=True, exist_ok=True)  # also where there is no row, and so no month
            if new and table == DECLARATIONS:
                rows = f"{_plain(con, table)} where {of_months(new)}"
                _copy(con, rows, place, "partition_by (period), overwrite_or_ignore")
            elif new:
                _copy(con, _plain(con, table), place / "rows.parquet")
            self.out.update(new)
        return str(place)


def _all_months(con: duckdb.DuckDBPyConnection) -> list[str]:
    query = f"select distinct strftime(period, '%Y-%m-%d') from {DECLARATIONS}"
    return [month for (month,) in con.execute(query).fetchall()]


def _copy(con: duckdb.DuckDBPyConnection, rows: str, to: Path, *options: str) -> None:
    con.execute(f"copy ({rows}) to {_text(to)} ({', '.join(('format parquet', *options))})")


def _plain(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """The rows of a table in types that Parquet has: it has no whole number of 128 bits, and no sum here needs one."""
    columns = (f'cast("{name}" as {sort}) as "{name}"' for name, sort in _columns(con, table))
    return f"select {', '.join(columns)} from {table}"


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    described = con.execute(f"describe {table}").fetchall()
    return [(name, "BIGINT" if sort == "HUGEINT" else sort) for name, sort, *_ in described]


def _text(value: object) -> str:
    return "'{}'".format(str(value).replace("'", "''"))


def _rows(
    con: duckdb.DuckDBPyConnection, name: str, months: Sequence[str] | None, session: Any, tables: _Tables
) -> str:
    """Have Spark work out a mart; the query reads what it wrote, in the types that DuckDB would give it.

    What is no mart, a few lines for a page, is left to DuckDB.
    """
    if not name.startswith("mart_"):
        return select(name)
    text, reads = _translated(name)
    apart = session.newSession()  # of its own, so that the views of two marts do not meet
    for table in reads:
        frame = apart.read.schema(_schema(con, table)).parquet(tables.put_out(con, table, months))
        if months is not None and table == DECLARATIONS:
            frame = frame.where(of_months(months))
        frame.createOrReplaceTempView(table)
    built = tables.folder / "built" / name
    found = apart.sql(text)
    (found if months is None else found.where(of_months(months))).write.parquet(str(built))
    described = con.execute(f"describe {select(name)}").fetchall()
    columns = (f'cast("{column}" as {sort}) as "{column}"' for column, sort, *_ in described)
    return f"select {', '.join(columns)} from read_parquet({_text(built / '*.parquet')})"


@functools.cache
def _translated(name: str) -> tuple[str, tuple[str, ...]]:
    """A mart's SELECT as Spark writes it, and the tables of the snapshot that it reads."""
    import sqlglot
    from sqlglot import exp

    query = sqlglot.parse_one(select(name), read="duckdb")
    own = {step.alias for step in query.find_all(exp.CTE)}
    reads = {table.name for table in query.find_all(exp.Table)} - own
    return query.sql(dialect="spark", comments=False), tuple(sorted(reads))


def _schema(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """The columns of a table as Spark declares them: an empty folder does not tell them."""
    from sqlglot import exp

    sorts = ((name, exp.DataType.build(sort, dialect="duckdb")) for name, sort in _columns(con, table))
    return ", ".join(f"`{name}` {sort.sql(dialect='spark')}" for name, sort in sorts)


@contextmanager
def _folder(con: duckdb.DuckDBPyConnection) -> Iterator[Path]:
    """A folder beside the database, named after it; what a killed build leaves goes with what it left of that."""
    row = first_row(con, "select path from duckdb_databases() where database_name = current_database()")
    database = Path(row[0]) if row and row[0] else Path(tempfile.gettempdir(), "trade-kpi")
    with tempfile.TemporaryDirectory(
        prefix=f"{database.stem}-", suffix=".spark", dir=database.parent, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@contextmanager
def _session(folder: Path) -> Iterator[Any]:
    """A Spark session in a Java process of its own, which ends with this one whatever becomes of it."""
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")  # which is not used here
    import pyspark
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    conf = pyspark.SparkConf(loadDefaults=False).setAll(list(_settings(folder).items()))
    with open(folder / "spark.log", "w+b") as told, _failures(told):
        gateway = launch_gateway(conf, {"stdout": told, "stderr": subprocess.STDOUT})
        try:
            session = SparkSession(pyspark.SparkContext(conf=conf, gateway=gateway))
            try:
                yield session
            finally:
                session.stop()
        finally:
            _end(gateway)
            # PySpark would go on with the process that has ended
            pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None


def _settings(folder: Path) -> dict[str, str]:
    """What is settled here; all else, a cluster's memory say, is read from Spark's own ``spark-defaults.conf``."""
    master = os.environ.get(MASTER) or "local[*]"
    return {
        **SETTINGS,
        **(ON_LOOPBACK if master.startswith("local") else {}),
        "spark.master": master,
        "spark.driver.memory": os.environ.get(MEMORY) or "2g",
        "spark.driver.extraJavaOptions": f'{JAVA_OPTIONS} "-Djava.io.tmpdir={folder}"',
        "spark.local.dir": str(folder / "scratch"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }


@contextmanager
def _failures(told: IO[bytes]) -> Iterator[None]:
    """Let what Spark cannot do end as one sentence; what it told goes to the log."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as error:
        told.seek(max(0, told.seek(0, os.SEEK_END) - TOLD_BYTES))
        log.warning("Spark failed: %s\n%s", error, told.read().decode("utf-8", "replace"))
        if "No space left" in str(error):
            raise UserError(NO_SPACE) from error
        raise UserError(
            f"Spark 没有算出结果，已发布的数据不变；请核对 {MASTER}、{MEMORY}、Java 的版本（17 以上），{OTHERWISE}"
        ) from error


def _end(gateway: Any) -> None:
    """End the Java process: it goes when nobody holds its standard input any more."""
    gateway.shutdown()
    gateway.proc.stdin.close()
    try:
        gateway.proc.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        gateway.proc.kill()
        gateway.proc.wait()
