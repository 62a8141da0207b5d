"""Work on several cores: nothing lost, nothing out of order, no error swallowed, nothing kept in memory."""

import os
import subprocess
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import duckdb
import polars as pl
import pytest
from builders import code, declared

from etl.parallel import in_order, yield_to_others
from etl.warehouse import append, count, prepare, while_reading
from etl.writer import AT_ONCE, Writer


def test_results_come_in_the_order_of_their_items_though_they_are_made_at_once():
    both = threading.Barrier(2, timeout=10)

    def work(item: int) -> int:
        both.wait()  # passes only where two items are worked on at the same time
        return item * item

    assert list(in_order(work, range(10))) == [item * item for item in range(10)]


def test_only_a_few_items_are_taken_ahead_of_the_one_in_use():
    taken: list[int] = []

    def items():
        for item in range(100):
            taken.append(item)
            yield item

    results = in_order(lambda item: item, items())
    next(results)
    assert len(taken) <= 3


def test_an_error_comes_out_at_its_items_turn():
    results = in_order(lambda item: 1 // item, [2, 1, 0, 3])
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_every_row_is_written_once_in_order_whatever_the_size_of_the_pieces():
    written: list[pl.DataFrame] = []
    rows = pl.DataFrame({"n": range(2 * AT_ONCE + 7)})
    with Writer(written.append) as writer:
        for start in range(0, rows.height, 100_000):
            writer.add(rows.slice(start, 100_000))
    assert len(written) == 3
    assert pl.concat(written).equals(rows)


def test_an_error_of_writing_reaches_the_reader():
    def fail(rows: pl.DataFrame) -> None:
        raise duckdb.Error("disk full")

    with pytest.raises(duckdb.Error, match="disk full"), Writer(fail) as writer:
        writer.add(pl.DataFrame({"n": range(AT_ONCE)}))
        writer.settle()
    with pytest.raises(duckdb.Error, match="disk full"), Writer(fail) as writer:
        writer.add(pl.DataFrame({"n": [1]}))


def test_nothing_more_is_written_after_an_error_of_reading():
    written: list[pl.DataFrame] = []
    with pytest.raises(KeyError), Writer(written.append) as writer:
        writer.add(pl.DataFrame({"n": [1]}))
        raise KeyError
    assert written == []


def test_rows_leave_memory_once_they_are_appended_also_within_a_transaction():
    with duckdb.connect() as con:
        con.execute("create table kept (n bigint)")
        con.execute("begin")
        rows = pl.DataFrame({"n": range(1000)})
        gone = weakref.ref(rows)
        append(con, "kept", rows)
        del rows
        assert gone() is None
        assert count(con, "select count(*) from kept") == 1000


def test_a_load_bounds_the_memory_of_duckdb_by_its_threads():
    with duckdb.connect() as con:
        con.execute("set threads = 2")
        prepare(con)
        assert con.execute("select current_setting('memory_limit')").fetchall() == [("256.0 MiB",)]


def test_who_reads_a_file_has_half_of_the_cores_and_most_of_the_memory_until_it_is_read(tmp_path):
    asked = "select current_setting('threads'), current_setting('memory_limit')"
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("set threads = 4")
        prepare(con)
        before = con.execute(asked).fetchall()
        assert before == [(4, "512.0 MiB")]
        with pytest.raises(ValueError), while_reading(con):
            assert con.execute(asked).fetchall() == [(2, "128.0 MiB")]
            raise ValueError
        assert con.execute(asked).fetchall() == before
        con.execute("set threads = 1")
        prepare(con)
        with while_reading(con):
            assert con.execute(asked).fetchall() == [(1, "64.0 MiB")]


def test_an_error_of_the_rows_while_a_file_is_read_comes_out_as_it_is_and_all_is_given_back(tmp_path):
    asked = "select current_setting('threads'), current_setting('memory_limit')"
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("set threads = 2")
        prepare(con)
        before = con.execute(asked).fetchall()
        con.execute("begin")
        with pytest.raises(duckdb.ConversionException), while_reading(con):
            con.execute("select cast('甲' as integer)").fetchall()
        con.execute("rollback")
        assert con.execute(asked).fetchall() == before


GIVEN_BACK = """
import os
import time
from etl import heap

def resident():
    time.sleep(0.1)
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20

heap.keep_freed()
blocks = [bytes([1]) * (1 << 20) for _ in range(200)]
blocks[:-1] = [b""] * 199  # the last one stays, so that the freed ones are not at the heap's end
kept = resident()
heap.give_back()
print(kept, resident())
"""
IMPORTED = """
import sys
from pathlib import Path
from etl.apply import Options
from etl.layout import Hints
from etl.load import load

before = set(sys.modules)
folder = Path(sys.argv[1])
assert load(folder / "data", [(folder / "d.csv", Hints())], Options()).exit_code == 0
print(*(name for name in set(sys.modules) - before if name.startswith(("numpy", "pandas", "pyarrow"))))
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="resident memory is told by Linux alone")
def test_what_is_kept_for_the_next_block_goes_back_when_there_is_none():
    told = subprocess.run([sys.executable, "-c", GIVEN_BACK], capture_output=True, text=True, check=True)
    kept, left = map(int, told.stdout.split())
    assert kept > 200
    assert left < kept - 100


def test_no_library_is_taken_in_while_a_file_is_loaded(tmp_path):
    declared(
        tmp_path / "d.csv", [("202509", "出口", code("431103", 1), "甲", "07020000", "110", "0110", "5", "1")]
    )
    command = [sys.executable, "-c", IMPORTED, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_work_that_nobody_waits_for_yet_leaves_the_cores_to_others():
    def priority():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    with ThreadPoolExecutor(1, initializer=yield_to_others) as pool:
        assert pool.submit(priority).result() == 19
    assert priority() < 19
