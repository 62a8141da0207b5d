"""The audit log: append-only, chained, safe for several writers, kept for a year."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from typer.testing import CliRunner

from dashboard.access import audit, seal
from dashboard.access.audit import Entry
from dashboard.access.vault import access_folder
from dashboard.commands.audits import app as audits
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
        con.executescript(statement)


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


@pytest.mark.parametrize("kept", [0, 3, 4])
def test_what_is_cut_off_at_the_end_shows_and_stays_to_be_seen_when_more_is_written(data, kept):
    write(data)
    noted = audit.verify(data).head
    tampered(data, f"delete from entry where number > {kept}")
    assert audit.verify(data).broken == audit.verify(data, noted).broken == kept + 1
    write(data)
    assert audit.verify(data).broken == kept + 1


def test_a_log_that_was_removed_shows_and_stays_to_be_seen(data):
    write(data)
    for file in access_folder(data).glob("audit.sqlite*"):
        file.unlink()
    assert audit.verify(data).broken == 1
    write(data)
    assert audit.verify(data).broken == 1


def test_a_front_cut_off_behind_an_anchor_of_ones_own_shows(data):
    write(data)
    tampered(
        data,
        "insert into anchor select number, hash from entry where number = 3; delete from entry where number <= 3",
    )
    assert audit.verify(data).broken == 3


def test_a_log_written_anew_without_the_key_shows(data):
    write(data)
    lines, last = [], "0" * 64
    for item in reversed(audit.entries(data, 9)):
        last = seal.chained(
            b"", last, item.number, item.at, item.action, "别人", item.role, audit._said(item.detail)
        )
        lines.append(f"update entry set name = '别人', hash = '{last}' where number = {item.number}")
    tampered(data, ";".join(lines))
    assert audit.verify(data).broken == 1


def test_a_crash_before_the_newest_entry_is_known_leaves_a_whole_log(data, monkeypatch):
    write(data)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(seal, "remember", crash)
        write(data, 1)
    assert (audit.verify(data).entries, audit.verify(data).broken) == (6, None)
    write(data, 1)
    assert (audit.verify(data).entries, audit.verify(data).broken) == (7, None)


def crash(*_):
    raise KeyboardInterrupt


def plain_log(data, count, first=1, last="0" * 64):
    """A log as versions before the key wrote it."""
    access_folder(data).mkdir(exist_ok=True)
    with sqlite3.connect(access_folder(data) / "audit.sqlite") as con:
        con.executescript(
            audit.SCHEMA.replace("create table if not exists anchor_seal (mac text not null) strict;", "")
        )
        for number in range(first, first + count):
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            entry = Entry("登录", "某人", "leader")
            last_hash, last = last, audit._hash(b"", last, number, at, entry)
            con.execute(
                "insert into entry values (?, ?, ?, ?, ?, '{}', ?)",
                (number, at, "登录", "某人", "leader", last),
            )
            if number == first and first > 1:
                con.execute("insert into anchor values (?, ?)", (first - 1, last_hash))


@pytest.mark.parametrize("first", [1, 8])
def test_a_log_without_a_key_holds_is_taken_over_and_guarded_from_then_on(data, first):
    plain_log(data, 3, first)
    assert (audit.verify(data).entries, audit.verify(data).broken) == (3, None)
    write(data, 2)
    assert (audit.verify(data).entries, audit.verify(data).broken) == (5, None)
    tampered(data, f"delete from entry where number > {first + 1}")
    assert audit.verify(data).broken == first + 2


def test_a_noted_entry_at_the_anchor_is_compared_and_one_before_it_cannot_be(data):
    with time_machine.travel(datetime.now(UTC) - timedelta(days=366), tick=False):
        write(data, 2)
        early = audit.verify(data).head
        write(data, 1)
        newest = audit.verify(data).head
    write(data, 1)
    assert audit.verify(data, newest) == audit.verify(data)
    assert audit.verify(data, (newest[0], "f" * 64)).broken == newest[0]
    for noted in (early, (1, "f" * 64)):
        found = audit.verify(data, noted)
        assert found.broken is None and found.unknown
    said = CliRunner().invoke(audits, ["verify", "--head", f"{early[0]}:{early[1]}", "--data", str(data)])
    assert said.exit_code == 1 and "无法核对" in said.output


def test_an_entry_of_a_wrong_clock_neither_locks_nor_takes_others_along(data):
    write(data, 2)
    with time_machine.travel("2020-01-01", tick=False):
        write(data, 1)
    write(data, 2)
    found = audit.verify(data)
    assert (found.entries, found.broken) == (5, None)


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
