"""What leaves the quarantine when a newer file comes: exactly what the newer one speaks for."""

import duckdb
from builders import code, declared, firm_table, registry, trade, write_csv

from etl import snapshot
from etl.apply import Options
from etl.layout import Hints
from etl.load import load

A, B, C, D = (code("431103", n) for n in range(1, 5))
CBEC = ("统计月份", "县市区", "出口（万元）", "进口（万元）")


def run(data, *paths, **options):
    return load(data, [(path, Hints()) for path in paths], Options(**options))


def rows(data, query):
    with duckdb.connect(str(snapshot.current(data).path), read_only=True) as con:
        return con.execute(query).fetchall()


def waiting(data):
    """The quarantined rows as (file, row); every fault belongs to one of them, and each has one."""
    kept = rows(data, 'select file_name, "row" from quarantine_row order by 1, 2')
    assert rows(data, 'select distinct file_name, "row" from quarantine order by 1, 2') == kept
    return kept


def firms(folder, name, month, *pairs):
    table = [(f"企业{n}", uscc, "冷水滩区", trade(1, ytd, 0, 0)) for n, (uscc, ytd) in enumerate(pairs)]
    return firm_table(folder / name, f"2025年{month}月企业进出口情况表", table)


def test_a_replaced_month_takes_its_quarantined_rows_along_and_no_other_months(tmp_path):
    data = tmp_path / "data"
    run(
        data,
        firms(tmp_path, "八.xlsx", 8, (A, 80), ("1", 8)),
        firms(tmp_path, "九.xlsx", 9, (A, 90), ("1", 9)),
    )
    result = run(data, firms(tmp_path, "九改.xlsx", 9, (A, 90), ("2", 9))).files[0]
    assert waiting(data) == [("九改.xlsx", 6), ("八.xlsx", 6)]
    assert "1 行已由本文件取代" in result.notes[-1]


def test_a_row_whose_month_cannot_be_read_waits_while_its_file_speaks_for_anything(tmp_path):
    data = tmp_path / "data"
    both = [("202508", "道县", 1, 0), ("202509", "道县", 1, 0), ("2025.1", "道县", 1, 0)]
    run(data, write_csv(tmp_path / "a.csv", [CBEC, *both]))
    run(data, write_csv(tmp_path / "b.csv", [CBEC, ("202509", "道县", 2, 0)]))
    assert waiting(data) == [("a.csv", 4)]
    run(data, write_csv(tmp_path / "c.csv", [CBEC, ("202508", "道县", 2, 0)]))
    assert waiting(data) == []


def test_a_month_of_one_direction_leaves_the_other_ones_rows(tmp_path):
    data = tmp_path / "data"

    def line(flow, value, month="202509", uscc=A):
        return [month, flow, uscc, "甲", "07020000", "110", "0110", value, 1]

    both = [line("出口", 1), line("进口", 1), line("出口", "待定"), line("进口", "待定"), line("转口", 1)]
    run(data, declared(tmp_path / "a.csv", both))
    assert len(waiting(data)) == 3
    run(data, declared(tmp_path / "出.csv", [line("出口", 2)]))
    assert waiting(data) == [("a.csv", 5), ("a.csv", 6)]
    run(data, declared(tmp_path / "进.csv", [line("进口", 2)]))
    assert waiting(data) == []


def firm(uscc, unit="冷水滩区", effective=""):
    return (uscc, "某", unit, "", "", "", "一", "", effective)


def test_a_ledger_row_leaves_when_its_key_comes_again_good_or_bad(tmp_path):
    data = tmp_path / "data"
    run(
        data, registry(tmp_path / "a.csv", [firm(A), firm(B, "永洲县"), firm(C, "永洲县"), firm(D, "永洲县")])
    )
    assert len(waiting(data)) == 3
    run(data, registry(tmp_path / "b.csv", [firm(B), firm(C, "不知道")]))
    assert waiting(data) == [("a.csv", 5), ("b.csv", 3)]


def test_a_ledger_row_without_a_readable_key_leaves_with_its_edition(tmp_path):
    data = tmp_path / "data"
    run(
        data, registry(tmp_path / "a.csv", [firm(A), firm(B), firm("9.14311E+17"), firm(C, effective="某天")])
    )
    run(data, registry(tmp_path / "增补.csv", [firm(B), firm(D)]))
    assert waiting(data) == [("a.csv", 4), ("a.csv", 5)], "half of the file still stands"
    run(data, registry(tmp_path / "新版.csv", [firm(A), firm(B), firm(C)]))
    assert waiting(data) == []


def test_a_ledger_taken_whole_leaves_nothing_of_older_ones_waiting(tmp_path):
    data = tmp_path / "data"
    run(data, registry(tmp_path / "a.csv", [firm(A), firm(B), firm("1")]))
    run(data, registry(tmp_path / "b.csv", [firm(C), firm("2")]), replace=True)
    assert waiting(data) == [("b.csv", 3)]
    assert rows(data, "select uscc from fact_firms") == [(C,)]


def test_a_faulty_row_never_removes_the_good_one_that_it_means(tmp_path):
    data = tmp_path / "data"
    old = registry(tmp_path / "a.csv", [firm(A), firm(B), firm(C)])
    for folder, replace in ((tmp_path / "by key", False), (tmp_path / "whole", True)):
        run(folder, old)
        run(folder, registry(tmp_path / "b.csv", [firm(A, "道县"), firm(B, "永洲县")]), replace=replace)
        found = dict(rows(folder, "select uscc, unit from fact_firms"))
        assert (found[A], found[B]) == ("431124", "431103"), replace
        assert (C in found) is not replace
    note = run(data, old).files[0].notes
    assert note == ()


def test_another_kinds_rows_stay(tmp_path):
    data = tmp_path / "data"
    run(data, firms(tmp_path, "九.xlsx", 9, (A, 90), ("1", 9)))
    run(
        data,
        write_csv(tmp_path / "c.csv", [CBEC, ("202509", "道县", 1, 0)]),
        registry(tmp_path / "r.csv", [firm(A)]),
    )
    assert waiting(data) == [("九.xlsx", 6)]
