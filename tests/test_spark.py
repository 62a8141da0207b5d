"""The marts worked out by Spark: the rows of DuckDB, in its types, and nothing left behind."""

import datetime as dt
import importlib.util
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
from builders import SHARED_REFERENCE, code, small_table
from test_marts import declare, declared_only  # noqa: F401 (a fixture)

from etl import spark
from etl.apply import Options
from etl.engine import ENGINE, engine
from etl.errors import UserError
from etl.layout import Hints
from etl.load import expand, load
from etl.marts import BY_MONTH, build_marts, dependencies
from etl.policy import load_policy
from etl.sources import ALL
from etl.warehouse import append, create_tables, refresh_reference, select
from etl.words import Words

MONTHS = [dt.date(2023 + number // 12, number % 12 + 1, 1) for number in range(28)]
FIRMS = [code(division, n) for n, division in enumerate(["431102", "431103", "431124", "430100"] * 4)]
POOLS = {
    "period": MONTHS,
    "months": [1, 1, 1, 2],
    "uscc": FIRMS,
    "unit": ["431102", "431103", "431124"],
    "flow": ["export", "import"],
    "hs_code": ["07020000", "08051000", "85171300", "0805100090"],
    "partner": ["110", "502", "136", "601"],
    "mode": ["0110", "9610", "9710", "1039"],
    "kind": ["county_month", "firm_month"],
    "currency": ["USD", "CNY"],
    "rate": [Decimal("7.1"), Decimal("6.983215")],
    "state": ["正常", "函调"],
    "rebate_class": ["一类", "二类"],
}
MARTS = [name for name in dependencies() if name.startswith("mart_")]
DECLARED = [name for name in MARTS if name in {"mart_registry", "mart_belonging", *BY_MONTH}]
COVERED = ("county_month", "firm_month", "declarations", "cbec_month")
# Little data: the compiler and the collector that start soonest, and little memory.
QUICK = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC", spark.MEMORY: "1g"}


def why_not() -> str:
    try:
        spark.require()
    except UserError as missing:
        return str(missing)
    return ""


needs_spark = pytest.mark.skipif(bool(why_not()), reason=why_not())


@pytest.fixture
def by_spark(monkeypatch):
    for name, value in {ENGINE: "spark", spark.MASTER: "local[2]", **QUICK}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def con(tmp_path):
    """A warehouse in a folder with a Chinese name, where spaces and quotes are allowed too."""
    folder = tmp_path / "数据 '一'"
    folder.mkdir()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        create_tables(con)
        refresh_reference(con, load_policy())
        yield con


def sample(
    columns: dict[str, pl.DataType], optional: set[str], rows: int, source: random.Random
) -> pl.DataFrame:
    """Rows of a table that meet each other in joins; a fifth of what may be missing is."""
    drawn = {
        name: [
            None if name in optional and source.random() < 0.2 else value(name, sort, source)
            for _ in range(rows)
        ]
        for name, sort in columns.items()
    }
    frame = pl.DataFrame(drawn, schema=columns, strict=False)
    return frame.with_columns(pl.int_range(1, rows + 1).cast(pl.Int32).alias("row"))


def value(name: str, sort: pl.DataType, source: random.Random) -> object:
    if name in POOLS:
        return source.choice(POOLS[name])
    if sort == pl.Date:
        return dt.date(2023, 1, 1) + dt.timedelta(source.randrange(800))
    if isinstance(sort, pl.Decimal):
        return Decimal(source.randrange(-(10**9), 10**15)).scaleb(-6)
    if sort.is_integer():
        return source.randrange(1, 4)
    return source.choice(["甲", "乙", "丙"])


def fill(con: duckdb.DuckDBPyConnection, rows: int = 120) -> None:
    """Every table that a mart reads, with rows that no file could make worse."""
    source = random.Random(8)
    for kind in ALL:
        declared = kind.schema.columns()
        optional = {name for name, column in declared.items() if column.nullable}
        drawn = sample({n: c.dtype for n, c in declared.items()}, optional, rows, source)
        Words(con).append(kind, drawn)
    totals = con.sql("select * from fact_total").pl().schema
    append(con, "fact_total", sample(dict(totals), {n for n in totals if "_" in n} - {"file_id"}, 20, source))
    for kind in COVERED:
        months = [month for month in MONTHS if source.random() < 0.9]
        flows = ["export", "import"] if kind == "declarations" else [""]
        found = [(1, kind, month, flow, source.choice([1, 1, 2])) for month in months for flow in flows]
        con.executemany("insert into coverage values (?, ?, ?, ?, ?)", found)


def built(con: duckdb.DuckDBPyConnection, names: Iterable[str] = MARTS) -> Iterator[tuple[str, int, bool]]:
    """Of each mart: its rows, and whether they and their types are those that DuckDB finds now."""
    for name in names:
        kept = con.execute(f"describe {name}").fetchall()
        types = kept == con.execute(f"describe {select(name)}").fetchall()
        [(rows, other)] = con.execute(
            f"""select (select count(*) from {name}),
                (select count(*) from (from {name} except all select * from ({select(name)}) as anew))
                + (select count(*) from (select * from ({select(name)}) as anew except all from {name}))"""
        ).fetchall()
        yield name, rows, types and other == 0


@needs_spark
def test_every_mart_has_the_rows_of_duckdb_where_anything_may_be_missing(by_spark, con):
    fill(con)
    build_marts(con)
    found = list(built(con))
    assert [name for name, _, same in found if not same] == []
    assert [name for name, rows, _ in found if rows == 0] == []


@needs_spark
@pytest.mark.usefixtures("declared_only")
def test_marts_of_no_declaration_are_there_without_rows(by_spark, con):
    build_marts(con)
    assert list(built(con, DECLARED)) == [(name, 0, True) for name in DECLARED]


@needs_spark
@pytest.mark.skipif(not SHARED_REFERENCE.exists(), reason="the shared reference case is not on this machine")
def test_the_reference_case_published_by_spark_has_the_rows_of_duckdb(by_spark, tmp_path):
    files = [(path, Hints()) for path in expand([SHARED_REFERENCE / "inbox"])]
    report = load(tmp_path, files, Options())
    with duckdb.connect(str(report.snapshot.path), read_only=True) as con:
        assert [name for name, _, same in built(con) if not same] == []
    assert sorted(path.suffix for path in report.snapshot.path.parent.glob("*-*")) == [".duckdb", ".sha256"]


@needs_spark
@pytest.mark.usefixtures("declared_only")
def test_a_month_that_comes_later_takes_its_own_rows_alone_and_equals_all_built_anew(
    by_spark, con, monkeypatch
):
    out: list[set[dt.date]] = []
    copy = spark._copy

    def noting(con, rows, to, *options):
        if to.name == spark.DECLARATIONS:
            out.append({period for (period,) in con.execute(f"select period from ({rows})").fetchall()})
        copy(con, rows, to, *options)

    monkeypatch.setattr(spark, "_copy", noting)
    declare(con, 1, [(MONTHS[0], "export", firm, "07020000", "110", "9610", 5) for firm in FIRMS[:3]])
    declare(con, 2, [(MONTHS[1], "import", FIRMS[0], "08051000", "502", "0110", 7)])
    build_marts(con)
    assert out == [{MONTHS[0], MONTHS[1]}]
    declare(con, 3, [(MONTHS[2], "export", FIRMS[1], "07020000", "110", "0110", 9)])
    con.execute("delete from coded_declarations where period = ?", [MONTHS[1]])
    build_marts(con)
    assert out[1:] == [{MONTHS[2]}]
    for name in BY_MONTH:
        assert [row[0] for row in con.execute(f"select distinct period from {name} order by period").fetchall()] == [
            MONTHS[0], MONTHS[2]
        ]  # fmt: skip
    assert [name for name, rows, same in built(con, DECLARED) if same] == DECLARED


@needs_spark
def test_spark_listens_on_the_loopback_alone(by_spark, con):
    with engine()(con):
        listening = {address for pid in children("java") for address in addresses(pid)}
    assert listening
    assert listening <= {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


@needs_spark
def test_a_killed_load_leaves_no_java_behind_and_the_next_load_sweeps_its_parquet(
    small_data, by_spark, tmp_path, monkeypatch
):
    second = small_table(tmp_path / "second.xlsx", month="2025年10月")
    program = """
import sys
from pathlib import Path
from etl.apply import Options
from etl.layout import Hints
from etl.load import load
load(Path(sys.argv[1]), [(Path(sys.argv[2]), Hints())], Options())
"""
    process = subprocess.Popen([sys.executable, "-c", program, str(small_data), str(second)])
    wait_for(lambda: list(small_data.glob("snapshots/building-*.spark/tables/*")))
    [java] = children("java", process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: not Path(f"/proc/{java}").exists())
    assert list(small_data.glob("snapshots/building-*.spark"))
    monkeypatch.setenv(ENGINE, "duckdb")
    assert load(small_data, [(second, Hints())], Options()).snapshot
    assert not list(small_data.glob("snapshots/building-*"))


@needs_spark
def test_a_spark_that_does_not_start_is_one_sentence_and_publishes_nothing(
    small_data, by_spark, tmp_path, monkeypatch
):
    monkeypatch.setenv(spark.MEMORY, "none")
    with pytest.raises(UserError, match="Spark 没有算出结果，已发布的数据不变"):
        load(small_data, [(small_table(tmp_path / "b.xlsx", month="2025年10月"), Hints())], Options())
    assert len(list(small_data.glob("snapshots/*.duckdb"))) == 1


def test_an_unknown_engine_is_refused_before_any_file_is_read(tmp_path, monkeypatch):
    monkeypatch.setenv(ENGINE, "sparc")
    with pytest.raises(UserError, match="TRADE_KPI_ENGINE「sparc」不是可用的计算引擎，请写 duckdb 或 spark"):
        load(tmp_path, [(tmp_path / "missing.csv", Hints())], Options())


def test_without_pyspark_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv(ENGINE, "spark")
    with pytest.raises(UserError, match=r"没有安装 PySpark，请安装 trade-kpi\[spark\]"):
        engine()


def test_without_java_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setenv(ENGINE, "spark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UserError, match="找不到 Java，请安装 Java 17"):
        engine()


def test_nothing_of_spark_is_imported_unless_it_is_asked_for():
    program = "import sys, etl.load; print({'pyspark', 'sqlglot', 'etl.spark'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def children(name: str, parent: int | None = None) -> list[int]:
    """The processes of that name that a process, this one, has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = path.read_text().split(" (", 1)
        except OSError:
            continue
        command, state = rest.rsplit(") ", 1)
        if command == name and int(state.split()[1]) == (parent or os.getpid()):
            found.append(int(pid))
    return found


def addresses(pid: int) -> Iterator[str]:
    """Where a process listens, as the system writes it."""
    links = (os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir())
    own = {link[8:-1] for link in links if link.startswith("socket:[")}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in own:
                yield fields[1].split(":")[0]


def wait_for(what, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.1)
