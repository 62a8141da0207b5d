"""The audit log: append-only, chained, safe for several writers, kept for a year."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from dashboard.access import audit
from dashboard.access.audit import Entry
from dashboard.access.vault import access_folder
from etl.errors import UserError


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.delenv("TRADE_KPI_ACCESS")
    return tmp_path


def write(data, count=5):
    for number in range(count):
        audit.record(data, Entry("登录", f"人{number}", "leader", {"来源": "10.0.0.1"}))


def tampered(data, statement):
    with sqlite3.connect(access_folder(data) / "audit.sqlite") as con:
        for trigger in ("never_changed", "never_deleted"):
            con.execute(f"drop trigger {trigger}")
        con.execute(statement)


def test_an_untouched_chain_holds_and_counts(data):
    assert audit.verify(data).broken is None
    write(data)
    found = audit.verify(data)
    assert (found.entries, found.broken, found.head[0]) == (5, None, 5)
    assert [item.number for item in audit.entries(data, 3)] == [5, 4, 3]
    assert audit.entries(data, 9, name="人2")[0].detail == {"来源": "10.0.0.1"}


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("update entry set name = '别人' where number = 3", 3),
        ("update entry set at = '2020' where number = 1", 1),
        ("update entry set detail = '{}' where number = 5", 5),
        ("update entry set hash = 'x' where number = 2", 2),
        ("delete from entry where number = 3", 3),
        ("delete from entry where number = 1", 1),
        ("insert into entry select 6, at, action, name, role, detail, hash from entry where number = 5", 6),
    ],
)
def test_every_tampering_shows_where_it_begins(data, statement, broken):
    write(data)
    tampered(data, statement)
    assert audit.verify(data).broken == broken


def test_what_is_cut_off_at_the_end_shows_against_what_was_noted(data):
    write(data)
    noted = audit.verify(data).head
    tampered(data, "delete from entry where number > 3")
    assert audit.verify(data).broken is None
    assert audit.verify(data, noted).broken == 4
    write(data)  # as many anew do not hide it
    assert audit.verify(data, noted).broken is not None


def test_nothing_can_be_changed_or_deleted_by_the_way(data):
    write(data)
    with sqlite3.connect(access_folder(data) / "audit.sqlite") as con:
        for statement in ("update entry set name = ''", "delete from entry"):
            with pytest.raises(sqlite3.IntegrityError, match="append only"):
                con.execute(statement)


def test_several_writers_at_once_make_one_chain(data):
    writers = [threading.Thread(target=write, args=(data, 10)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = audit.verify(data)
    assert (found.entries, found.broken) == (40, None)


def test_entries_leave_after_a_year_and_the_rest_still_holds(data):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=366), tick=False):
        write(data, 3)
    with time_machine.travel(datetime.now(UTC) - timedelta(days=364), tick=False):
        write(data, 2)
    found = audit.verify(
        data
    )  # the first write within the year let the old ones stay: they were not a year old
    assert found.entries == 5
    write(data, 1)
    found = audit.verify(data)
    assert (found.entries, found.broken, found.head[0]) == (3, None, 6)


def test_a_log_that_cannot_be_written_says_so(data):
    (access_folder(data)).mkdir()
    (access_folder(data) / "audit.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(UserError, match="没有进行"):
        write(data, 1)
