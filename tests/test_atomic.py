"""A loader may die at any moment: readers see exactly the old snapshot or the new one."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from builders import code, firm_table, trade

from etl import snapshot
from etl.errors import SnapshotError
from etl.layout import Hints
from etl.load import Options, load

ROOT = Path(__file__).resolve().parent.parent
KILLS = 6


def firms(folder, title):
    rows = [(f"企业{n}", code("431103", n), "冷水滩区", trade(1, 10 + n, 1, 5)) for n in range(1, 300)]
    return firm_table(folder / f"{title}.xlsx", f"{title}企业进出口情况表", rows)


def test_a_loader_killed_at_any_moment_leaves_the_old_snapshot_or_the_new_one_whole(tmp_path):
    data = tmp_path / "data"
    load(data, [(firms(tmp_path, "2025年8月"), Hints())], Options())
    second = firms(tmp_path, "2025年9月")
    command = [sys.executable, "-m", "dashboard.cli", "load", str(second), "--data", str(data)]
    started = time.monotonic()
    subprocess.run([*command[:3], "check", *command[4:]], cwd=ROOT, check=True, capture_output=True)
    whole = time.monotonic() - started
    known = {snapshot.current(data).id}
    generator = random.Random(8)
    for _ in range(KILLS):
        loader = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(generator.uniform(0.4, 1.0) * whole)
        loader.send_signal(signal.SIGKILL)
        loader.wait()
        now = snapshot.current(data)
        snapshot.verify(now)
        with duckdb.connect(str(now.path), read_only=True) as con:
            periods = [
                row[0]
                for row in con.execute(
                    "select distinct period::varchar from fact_firm_month order by 1"
                ).fetchall()
            ]
        assert periods == (["2025-08-01"] if now.id in known else ["2025-08-01", "2025-09-01"])
        if now.id not in known:
            snapshot.rollback(data, min(known))
    assert load(data, [(second, Hints())], Options()).exit_code == 0
    assert not list((data / "snapshots").glob("building-*"))


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
