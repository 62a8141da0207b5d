"""Work on several cores: nothing lost, nothing out of order, no error swallowed, nothing kept in memory."""

import threading
import weakref

import duckdb
import polars as pl
import pytest

from etl.parallel import in_order
from etl.warehouse import append, bound_memory, count, while_reading
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
        bound_memory(con)
        assert con.execute("select current_setting('memory_limit')").fetchall() == [("256.0 MiB",)]


def test_who_reads_a_file_has_half_of_the_cores_and_most_of_the_memory_until_it_is_read(tmp_path):
    asked = "select current_setting('threads'), current_setting('memory_limit')"
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("set threads = 4")
        bound_memory(con)
        before = con.execute(asked).fetchall()
        assert before == [(4, "512.0 MiB")]
        with pytest.raises(ValueError), while_reading(con):
            assert con.execute(asked).fetchall() == [(2, "128.0 MiB")]
            raise ValueError
        assert con.execute(asked).fetchall() == before
        con.execute("set threads = 1")
        bound_memory(con)
        with while_reading(con):
            assert con.execute(asked).fetchall() == [(1, "64.0 MiB")]


def test_an_error_of_the_rows_while_a_file_is_read_comes_out_as_it_is_and_all_is_given_back(tmp_path):
    asked = "select current_setting('threads'), current_setting('memory_limit')"
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("set threads = 2")
        bound_memory(con)
        before = con.execute(asked).fetchall()
        con.execute("begin")
        with pytest.raises(duckdb.ConversionException), while_reading(con):
            con.execute("select cast('甲' as integer)").fetchall()
        con.execute("rollback")
        assert con.execute(asked).fetchall() == before
