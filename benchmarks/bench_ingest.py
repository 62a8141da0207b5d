"""How long a large declarations file takes from its bytes to a published snapshot, beside the plain ways.

Prints, in one run and each in a process of its own with its peak memory: our load (decoding, validation,
lineage, marts, scoreboard, checksum), duckdb's ``read_csv`` of the same file already in UTF-8 into a typed
table, and pandas' ``read_csv`` of the GB18030 file into the same table. Then a bureau table of 20,000 rows in
Excel, read and checked, beside the bare reader; so short a time is the median of fifteen. Each way runs once a
round, so that a slow moment of the machine hits all: a ratio is the median of those of ``--repeat`` rounds, the
seconds are the shortest.
"""

import argparse
import importlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "统计年月,进出口标志,统一社会信用代码,企业名称,商品编码,贸易伙伴编码,监管方式编码,人民币值,美元值"
PARTNERS = ("110", "502", "105", "106", "112", "119", "122", "304", "305", "133", "116", "601", "246", "410")
MODES = ("0110", "0110", "0110", "0615", "0654", "9610", "9710", "9810", "1210", "1039")
MONTHS = [f"{year}{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)]
FIRMS = 1_200
CHUNK = 50_000
TYPES = {
    **dict.fromkeys(HEADER.split(",")[:7], "VARCHAR"),
    **dict.fromkeys(HEADER.split(",")[7:], "DECIMAL(24,6)"),
}


def write_declarations(path: Path, rows: int, months: Sequence[str] = MONTHS) -> None:
    """Firms that each trade a few goods with a few partners, amounts with thousands commas."""
    source = random.Random(1)
    firms = [_firm(number, source) for number in range(FIRMS)]
    with path.open("w", encoding="gb18030", newline="") as file:
        file.write(HEADER + "\r\n")
        for start in range(0, rows, CHUNK):
            file.write("".join(_line(source, firms, months) for _ in range(min(CHUNK, rows - start))))


def _firm(number: int, source: random.Random) -> tuple[str, list[str], list[str]]:
    from stdnum.cn import uscc

    body = f"91{source.choice(('431102', '431103', '431181', '431122', '431129'))}MA{number:07d}"
    name = f"永州市基准{number:04d}{source.choice(('进出口', '农业', '电子', '科技'))}有限公司"
    goods = [f"{source.randrange(1, 98):02d}{source.randrange(10**6):06d}" for _ in range(8)]
    return f"{body}{uscc.calc_check_digit(body)},{name}", goods, source.sample(MODES, 2)


def _line(source: random.Random, firms: list[tuple[str, list[str], list[str]]], months: Sequence[str]) -> str:
    firm, goods, modes = source.choice(firms)
    yuan = int(source.lognormvariate(11, 2)) + 1
    flow = "出口" if source.random() < 0.85 else "进口"
    return (
        f"{source.choice(months)},{flow},{firm},{source.choice(goods)},{source.choice(PARTNERS)},"
        f'{source.choice(modes)},"{yuan:,}","{yuan // 7:,}"\r\n'
    )


def write_bureau(path: Path, rows: int = 20_000) -> None:
    """A table of firms as the bureau makes it: title, 单位 line, two header levels, nine figures a row."""
    import xlsxwriter
    from stdnum.cn import uscc

    source = random.Random(2)
    with xlsxwriter.Workbook(str(path), {}) as book:
        sheet = book.add_worksheet()
        groups = [cell for flow in ("进出口", "出口", "进口") for cell in (flow, "", "")]
        sheet.write_row(0, 0, ["2025年9月企业进出口情况表", *[""] * 10, "单位：万元"])
        sheet.write_row(1, 0, ["企业名称", "统一社会信用代码", "县市区", *groups])
        sheet.write_row(2, 0, ["", "", "", *("当月", "累计", "同比%") * 3])
        for number in range(rows):
            body = f"91431102MA{number:07d}"
            figures = [round(source.random() * 10_000, 2) for _ in range(9)]
            code = body + uscc.calc_check_digit(body)
            sheet.write_row(number + 3, 0, [f"永州基准{number}有限公司", code, "零陵区", *figures])


def ours(path: Path, scratch: Path) -> None:
    from etl.apply import Options
    from etl.layout import Hints
    from etl.load import load

    report = load(scratch / "data", [(path, Hints())], Options())
    assert report.files[0].accepted == report.files[0].rows_read > 0, report.files[0]


def by_duckdb(path: Path, scratch: Path) -> None:
    import duckdb

    with duckdb.connect(str(scratch / "plain.duckdb")) as con:
        con.execute(
            "create table declarations as select * from read_csv(?, header = true, thousands = ',', columns = ?)",
            [str(path), TYPES],
        )
        con.execute("checkpoint")


def by_pandas(path: Path, scratch: Path) -> None:
    import duckdb
    import pandas

    texts = {name: str for name, sort in TYPES.items() if sort == "VARCHAR"}
    frame = pandas.read_csv(path, encoding="gb18030", thousands=",", dtype=texts)
    with duckdb.connect(str(scratch / "pandas.duckdb")) as con:
        columns = ", ".join(f'"{name}"::{sort} as "{name}"' for name, sort in TYPES.items())
        con.register("frame", frame)
        con.execute(f"create table declarations as select {columns} from frame")
        con.execute("checkpoint")


def workbook(path: Path, scratch: Path) -> None:
    from etl.decode import open_file
    from etl.layout import Hints, recognise
    from etl.policy import load_policy
    from etl.read import Reader

    hints = Hints()
    for table in open_file(path).tables:
        for batch in Reader(load_policy(), hints).batches(table, recognise(table, hints, path)):
            assert batch.good.height == batch.read


def bare_workbook(path: Path, scratch: Path) -> None:
    import fastexcel

    fastexcel.read_excel(path).load_sheet(0).to_polars()


WAYS = {
    ours: ("etl.load",),
    by_duckdb: ("duckdb",),
    by_pandas: ("duckdb", "pandas"),
    workbook: ("etl.read", "etl.decode", "etl.policy"),
    bare_workbook: ("fastexcel", "polars"),
}
SHORT, SHORT_RUNS = (workbook, bare_workbook), 15


def timed(way: str, path: Path) -> tuple[float, float]:
    """The time in seconds and the peak memory in MiB of a way, imports not counted in the time."""
    command = [sys.executable, __file__, "--one", way, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    seconds, peak = answer.stdout.split()[-2:]
    return float(seconds), float(peak)


def run_one(name: str, path: Path) -> None:
    """Run one way here, after importing what it needs; prints seconds and the peak memory in MiB."""
    way = next(way for way in WAYS if way.__name__ == name)
    for module in WAYS[way]:
        importlib.import_module(module)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        if way in SHORT:  # the first is another matter: what is made once a process
            seconds = statistics.median([_seconds(way, path, scratch) for _ in range(1 + SHORT_RUNS)][1:])
        else:
            seconds = _seconds(way, path, scratch)
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _seconds(way: Callable[[Path, Path], None], path: Path, scratch: str) -> float:
    start = time.perf_counter()
    way(path, Path(scratch))
    return time.perf_counter() - start


def compare(rows: int, repeat: int, folder: Path) -> None:
    source, recoded, book = (
        folder / "declarations.csv",
        folder / "declarations-utf8.csv",
        folder / "bureau.xlsx",
    )
    write_declarations(source, rows)
    with (
        source.open(encoding="gb18030", newline="") as old,
        recoded.open("w", encoding="utf-8", newline="") as new,
    ):
        while text := old.read(1 << 24):
            new.write(text)
    write_bureau(book)
    print(
        f"{rows:,} 行 GB18030 海关明细，{source.stat().st_size >> 20} MB，{repeat} 轮，用时取最短，倍数取中位"
    )
    paths = {
        "ours": source,
        "by_duckdb": recoded,
        "by_pandas": source,
        "workbook": book,
        "bare_workbook": book,
    }
    rounds = [{way: timed(way, path) for way, path in paths.items()} for _ in range(repeat)]
    for way in paths:
        seconds, peak = min(found[way][0] for found in rounds), max(found[way][1] for found in rounds)
        print(f"{way:14} {seconds:8.2f} s  峰值内存 {peak:6.0f} MiB")
    for way, other in (("ours", "by_duckdb"), ("ours", "by_pandas"), ("workbook", "bare_workbook")):
        ratio = statistics.median(found[way][0] / found[other][0] for found in rounds)
        print(f"{way} / {other}: {ratio:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        run_one(arguments.one[0], Path(arguments.one[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(arguments.rows, arguments.repeat, Path(folder))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
