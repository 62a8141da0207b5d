"""The gate: read-only, one query a question, keyed by snapshot and viewer, Chinese when broken."""

import ast
import io
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import openpyxl
import pytest
from builders import small_table

from dashboard import opened, store
from dashboard.identity import Viewer
from dashboard.questions import quality as asked
from dashboard.questions.board import board
from etl.apply import Options
from etl.errors import SnapshotError
from etl.layout import Hints
from etl.load import load
from etl.policy import load_policy
from etl.snapshot import digest

ROOT = Path(__file__).resolve().parent.parent
VIEWER = Viewer("测试", "task_force", None)


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    store.forget()


def test_without_a_snapshot_there_is_no_gate(tmp_path):
    assert store.open_gate(VIEWER, tmp_path) is None


def test_the_snapshot_says_what_it_is(demo_data):
    gate = store.open_gate(VIEWER, demo_data)
    said = store.meta(gate)
    assert said.demo and said.latest_period == "2026-10" and said.snapshot == gate.snapshot.id


def test_a_table_is_read_once_however_often_it_is_asked(demo_data, monkeypatch):
    asked = []
    real = store.asked
    monkeypatch.setattr(store, "asked", lambda *asking: asked.append(asking) or real(*asking))
    gate = store.open_gate(VIEWER, demo_data)
    assert store.trade(gate) is store.trade(gate)
    assert len(asked) == 1


def test_what_every_reader_may_see_is_made_once_for_all_of_them(demo_data):
    gates = [store.open_gate(Viewer("某", "county", unit), demo_data) for unit in ("431102", "431103")]
    one, other = map(board, gates)
    shared = [key for key in one.series if one.series[key] is other.series[key]]
    assert {indicator for indicator, _ in shared} >= {"import_share", "cbec_growth"}


def test_another_role_or_unit_never_gets_what_was_kept_for_the_first(demo_data):
    gates = [store.open_gate(Viewer("某", "county", unit), demo_data) for unit in ("431102", "431103")]
    answers = [store.remember(gate, ("secret",), lambda gate=gate: gate.viewer.unit) for gate in gates]
    assert answers == ["431102", "431103"]


def test_sessions_that_ask_the_same_at_once_wait_for_one_answer(demo_data):
    gate = store.open_gate(VIEWER, demo_data)
    built = []

    def slowly():
        built.append(threading.get_ident())
        time.sleep(0.1)
        return object()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(lambda _: store.remember(gate, ("slow",), slowly), range(4)))
    assert len(answers) == len(built) == 1 and not store._turns


def test_an_answer_that_failed_is_asked_for_again(demo_data):
    gate = store.open_gate(VIEWER, demo_data)
    with pytest.raises(ZeroDivisionError):
        store.remember(gate, ("fails",), lambda: 1 // 0)
    assert store.remember(gate, ("fails",), lambda: 1) == 1


def test_a_role_without_a_right_to_the_board_is_refused(demo_data):
    with pytest.raises(store.Forbidden, match="无权查看"):
        store.open_gate(Viewer("审计", "auditor", None), demo_data)


@pytest.mark.parametrize("role", ["leader", "task_force", "loader"])
def test_rows_in_quarantine_are_for_those_who_mend_them(demo_data, role):
    gate = store.open_gate(Viewer("某", role, None), demo_data)
    assert store.sees_rows(gate) and "永洲县" in {item.value for item in asked.faults(gate, "", 200)}


def test_a_county_gets_the_counts_of_the_quarantine_and_never_its_rows(demo_data):
    gate = store.open_gate(Viewer("某", "county", "431103"), demo_data)
    assert store.quarantined(gate) == sum(item.rows for item in asked.faulty_files(gate)) > 0
    assert dict(asked.faults_by_rule(gate))["unreadable"] > 0
    with pytest.raises(store.Forbidden, match="计数"):
        asked.faults(gate, "", 200)


def test_what_a_hold_said_is_for_those_who_may_see_rows(demo_copy):
    snapshot = store.open_gate(VIEWER, demo_copy).snapshot
    snapshot.path.chmod(0o600)
    with duckdb.connect(str(snapshot.path)) as con:
        con.execute("insert into confirmation values (1, '少了甲公司', '甲公司已注销', now()::timestamp)")
    snapshot.path.with_suffix(".sha256").write_text(f"{digest(snapshot.path)}  {snapshot.path.name}\n")
    for role, said in (("task_force", "少了甲公司"), ("county", "")):
        gate = store.open_gate(Viewer("某", role, "431103"), demo_copy)
        (item,) = asked.confirmed(gate)
        assert (item.file, item.hold) == ("演示企业名录.csv", said)
        assert bool(item.reason) == bool(said)


def test_the_rows_of_one_file_are_picked_by_its_number_and_capped(demo_data):
    gate = store.open_gate(VIEWER, demo_data)
    first = asked.faulty_files(gate)[0]
    assert {item.file for item in asked.faults(gate, str(first.file_id), 200)} == {first.name}
    assert len(asked.faults(gate, "", 2)) == 2
    assert asked.faults(gate, "1' or '1'='1", 200) == ()


def test_freshness_tells_monthly_tables_from_ledgers(demo_data):
    found = {item.kind: item for item in store.sources(store.open_gate(VIEWER, demo_data))}
    assert (found["county_month"].monthly, found["firms"].monthly) == (True, False)
    assert found["county_month"].files > 1


def test_the_first_snapshot_has_nothing_to_be_compared_with(demo_data):
    assert asked.revisions(store.open_gate(VIEWER, demo_data)) is None


def test_a_snapshot_before_that_cannot_be_read_is_no_comparison(demo_copy):
    older = demo_copy / "snapshots" / "snapshot-20200101-000000.duckdb"
    older.write_bytes(b"\0" * 4096)
    older.with_suffix(".sha256").write_text(f"{digest(older)}  {older.name}\n")
    assert asked.revisions(store.open_gate(VIEWER, demo_copy)) is None


def test_nothing_can_be_written_or_read_outside_through_the_gate(demo_data):
    gate = store.open_gate(VIEWER, demo_data)
    for query in (
        "create table x as select 1",
        "select * from read_csv('/etc/passwd')",
        "set enable_external_access=true",
    ):
        with pytest.raises((SnapshotError, AttributeError)):
            store.read(gate, query)


def test_a_newly_published_snapshot_is_used_by_the_next_question(demo_copy):
    old = store.open_gate(VIEWER, demo_copy)
    path = demo_copy / "snapshots" / "snapshot-20990101-000000.duckdb"
    shutil.copyfile(old.snapshot.path, path)
    path.chmod(0o600)
    with duckdb.connect(str(path)) as con:
        con.execute("update meta set value = '20990101-000000' where key = 'snapshot'")
    path.with_suffix(".sha256").write_text(f"{digest(path)}  {path.name}\n")
    (demo_copy / "snapshots" / "CURRENT").write_text("20990101-000000\n")
    assert store.meta(old).snapshot == old.snapshot.id
    assert store.meta(store.open_gate(VIEWER, demo_copy)).snapshot == "20990101-000000"


def test_a_damaged_snapshot_is_one_chinese_sentence(demo_copy):
    gate = store.open_gate(VIEWER, demo_copy)
    gate.snapshot.path.chmod(0o600)
    gate.snapshot.path.write_bytes(b"\0" * 4096)
    with pytest.raises(SnapshotError, match="rollback"):
        store.meta(gate)


def test_a_snapshot_of_another_version_says_so_and_is_not_called_damaged(demo_copy):
    gate = store.open_gate(VIEWER, demo_copy)
    gate.snapshot.path.chmod(0o600)
    with duckdb.connect(str(gate.snapshot.path)) as con:
        con.execute("update meta set value = '0' where key = 'schema_version'")
    gate.snapshot.path.with_suffix(".sha256").write_text(
        f"{digest(gate.snapshot.path)}  {gate.snapshot.path.name}\n"
    )
    with pytest.raises(SnapshotError, match="其他版本（0）"):
        store.meta(store.open_gate(VIEWER, demo_copy))


def test_the_repair_workbook_holds_what_waits_and_is_for_those_who_see_rows(demo_data):
    gate = store.open_gate(VIEWER, demo_data)
    book = openpyxl.load_workbook(io.BytesIO(asked.repair_book(gate, load_policy(), "")))
    assert sum(page.max_row - 2 for page in book) == store.quarantined(gate)
    assert all("演示数据" in page["A1"].value for page in book)
    first = asked.faulty_files(gate)[0]
    book = openpyxl.load_workbook(io.BytesIO(asked.repair_book(gate, load_policy(), str(first.file_id))))
    assert sum(page.max_row - 2 for page in book) == first.rows
    with pytest.raises(store.Forbidden, match="计数"):
        asked.repair_book(store.open_gate(Viewer("某", "county", "431103"), demo_data), load_policy(), "")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_the_spine_never_imports_the_dashboard_or_streamlit():
    for path in (ROOT / "etl").rglob("*.py"):
        assert not {name for name in imports(path) if name.split(".")[0] in ("dashboard", "streamlit")}, path


def test_pages_never_import_each_other_nor_speak_sql():
    for path in (ROOT / "dashboard" / "pages").glob("*.py"):
        named = imports(path)
        assert not {name for name in named if name.startswith(("dashboard.pages", "duckdb", "etl"))}, path
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 60, path


@pytest.fixture
def staying():
    opened.stay_open()


def test_a_server_keeps_a_snapshot_open_and_shows_the_next_one_all_the_same(small_data, tmp_path, staying):
    first = store.open_gate(VIEWER, small_data)
    assert store.meta(first).latest_period == "2025-09" and store.trade(first).height > 0
    published = load(
        small_data, [(small_table(tmp_path / "next.xlsx", month="2025年10月"), Hints())], Options()
    )
    second = store.open_gate(VIEWER, small_data)
    assert second.snapshot == published.snapshot and store.meta(second).latest_period == "2025-10"
    assert list(opened._open) == [first.snapshot, second.snapshot]
    assert asked.revisions(second).before == first.snapshot.id


def test_what_stays_open_is_never_shown_once_its_file_is_damaged(small_data, staying):
    gate = store.open_gate(VIEWER, small_data)
    store.trade(gate)
    content = bytearray(gate.snapshot.path.read_bytes())
    content[len(content) // 2] ^= 1
    gate.snapshot.path.chmod(0o640)
    gate.snapshot.path.write_bytes(content)
    with pytest.raises(SnapshotError):
        store.sources(gate)
    with pytest.raises(SnapshotError):
        store.meta(gate)


def test_no_more_than_the_last_few_snapshots_stay_open(small_data, tmp_path, staying):
    for month in range(10, 11 + opened.MOST_OPEN):
        said = f"{2025 + (month - 1) // 12}年{(month - 1) % 12 + 1}月"
        table = small_table(tmp_path / f"{month}.xlsx", month=said)
        assert load(small_data, [(table, Hints())], Options()).snapshot
        gate = store.open_gate(VIEWER, small_data)
        assert store.meta(gate).snapshot == gate.snapshot.id
    assert len(opened._open) == opened.MOST_OPEN and list(opened._open)[-1] == gate.snapshot


def test_many_ask_what_stays_open_at_once(small_data, staying):
    gate = store.open_gate(VIEWER, small_data)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(store.read, gate, f"select {number} as said") for number in range(200)]
        assert [item.result()[0][0] for item in asked] == list(range(200))


def test_a_crowds_parts_of_pages_are_kept_for_each_role_and_unit_and_the_oldest_let_go(
    small_data, monkeypatch
):
    monkeypatch.setattr(store._texts, "most", 20)
    gates = [
        store.open_gate(Viewer("某", *who), small_data) for who in (("leader", None), ("county", "431124"))
    ]
    built = []

    def part(gate, number):
        text = f"<p>{gate.viewer.role} 第{number}块</p>" * 100
        assert (
            store.remember_text(gate, ("part", number), lambda: built.append((gate, number)) or text) == text
        )

    for _ in range(2):
        for gate in gates:
            for number in range(10):
                part(gate, number)
    assert len(built) == 20
    part(gates[0], 10)
    part(gates[0], 0)
    assert built[20:] == [(gates[0], 10), (gates[0], 0)]


def test_what_stays_open_is_opened_anew_before_its_notes_of_old_memory_pile_up(
    small_data, staying, monkeypatch
):
    """DuckDB's queue of pieces of memory that were let go: some six a join, and it forgets them late by itself."""
    monkeypatch.setattr(opened, "MOST_ASKED", 40)
    gate = store.open_gate(VIEWER, small_data)
    join = "select count(*) from unit_trade as one join unit_trade as other using (unit, period)"
    noted = "select sum(approximate_size) from duckdb_eviction_queues()"

    def pile() -> int:
        return int(store.ask(gate, lambda con: con.execute(noted).fetchone())[0])

    piles = []
    for _ in range(6):
        for _ in range(30):
            store.ask(gate, lambda con: con.execute(join).fetchall())
        piles.append(pile())
    assert max(piles) < 2 * max(piles[:2]), piles  # 180 joins in all: without that six times as many


def test_what_is_being_asked_is_not_closed_however_many_have_asked(small_data, staying, monkeypatch):
    monkeypatch.setattr(opened, "MOST_ASKED", 2)
    gate = store.open_gate(VIEWER, small_data)

    def question(con):
        before = list(opened._open.values())
        for number in range(5):
            assert store.read(gate, f"select {number}") == [(number,)]
        assert list(opened._open.values()) == before
        return con.execute("select 7").fetchall(), before

    found, before = store.ask(gate, question)
    assert found == [(7,)] and store.read(gate, "select 8") == [(8,)]
    assert list(opened._open.values()) != before


def test_what_stays_open_can_neither_write_nor_read_other_files(small_data, tmp_path, staying):
    gate = store.open_gate(VIEWER, small_data)
    (tmp_path / "other.csv").write_text("a\n1\n", encoding="utf-8")
    for query in (
        "create table x (a int)",
        f"select * from read_csv('{tmp_path / 'other.csv'}')",
        "set memory_limit = '9GB'",
    ):
        with pytest.raises(SnapshotError):
            store.ask(gate, lambda con, query=query: con.execute(query).fetchall())
