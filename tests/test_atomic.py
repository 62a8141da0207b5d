"""A snapshot of another version is never built on. Loaders that die: benchmarks/endurance.py."""

import errno

import duckdb
import pytest
from builders import code, firm_table, trade

from etl import snapshot
from etl.apply import Options
from etl.errors import SnapshotError, UserError
from etl.layout import Hints
from etl.load import load
from etl.space import writable


def firms(folder, title):
    rows = [(f"企业{n}", code("431103", n), "冷水滩区", trade(1, 10 + n, 1, 5)) for n in range(1, 300)]
    return firm_table(folder / f"{title}.xlsx", f"{title}企业进出口情况表", rows)


def test_a_snapshot_of_another_version_is_refused_with_what_to_do(tmp_path):
    data = tmp_path / "data"
    published = load(data, [(firms(tmp_path, "2025年8月"), Hints())], Options()).snapshot
    with snapshot.lock(data), snapshot.building(data) as path:
        with duckdb.connect(str(path)) as con:
            con.execute("update meta set value = '0' where key = 'schema_version'")
        snapshot.publish(data, path, snapshot.new_id(data))
    with pytest.raises(SnapshotError, match="其他版本"):
        load(data, [(firms(tmp_path, "2025年9月"), Hints())], Options())
    snapshot.rollback(data, published.id)
    assert load(data, [(firms(tmp_path, "2025年9月"), Hints())], Options()).exit_code == 0


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (
            duckdb.TransactionException("Failed to commit: Could not write file: No space left on device"),
            UserError,
        ),
        (duckdb.IOException("Could not write file"), UserError),
        (OSError(errno.ENOSPC, "No space left on device"), UserError),
        (duckdb.TransactionException("cannot start a transaction within a transaction"), duckdb.Error),
        (duckdb.BinderException("no such column"), duckdb.Error),
    ],
)
def test_what_a_full_disk_breaks_is_one_sentence_and_a_fault_of_ours_is_not(fault, raised):
    with pytest.raises(raised), writable():
        raise fault
