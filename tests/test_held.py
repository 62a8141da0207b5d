"""Files that were held stay on a list until they come in or others replace them; nothing published changes."""

import dataclasses
from datetime import datetime
from itertools import starmap

import pytest
from builders import code, declared, firm_table, small_table, trade

from dashboard.identity import Viewer
from dashboard.questions import quality
from dashboard.store import Gate
from etl import snapshot
from etl.apply import Options
from etl.held import Held, Loaded, noted, waiting
from etl.layout import Hints
from etl.load import load

NOON, LATER = datetime(2026, 11, 2, 12), datetime(2026, 11, 3, 12)
ITEM = Held("九月.xlsx", "a" * 64, "firm_month", "企业月度进出口", ("2025-09 both",), ("合计不符",), NOON)


def run(data, *paths, confirm=None, publish=True):
    return load(data, [(path, Hints()) for path in paths], Options(confirm=confirm, publish=publish))


def listed(data, role="task_force"):
    return quality.held(
        Gate(snapshot.current(data), Viewer("甲", role, "431124" if role == "county" else None))
    )


def slipped(folder, month="2025年9月"):
    return small_table(folder / f"{month}.xlsx", 10_000, month)


@pytest.fixture
def data(tmp_path):
    """A folder with August in it."""
    assert run(tmp_path / "data", small_table(tmp_path / "八月.xlsx", month="2025年8月")).exit_code == 0
    return tmp_path / "data"


def test_a_held_file_is_listed_with_its_reasons_and_publishes_nothing(data, tmp_path):
    before = snapshot.current(data)
    assert run(data, slipped(tmp_path)).exit_code == 2
    (item,) = listed(data)
    assert (item.name, item.label, item.months) == ("2025年9月.xlsx", "企业月度进出口", ("2025-09",))
    assert any("疑似金额单位写错" in reason for reason in item.reasons)
    assert snapshot.current(data) == before
    snapshot.verify(before)


def test_a_file_that_was_only_checked_is_not_listed(data, tmp_path):
    run(data, slipped(tmp_path), publish=False)
    assert listed(data) == ()


def test_a_file_refused_for_good_is_not_listed(data, tmp_path):
    run(
        data,
        firm_table(
            tmp_path / "u.xlsx",
            "2025年9月",
            [("甲", code("431102", 1), "道县", trade(1, 1, 0, 0))],
            unit="万吨",
        ),
    )
    assert noted(data) == ()


def test_a_file_held_twice_is_listed_once_and_gone_once_it_is_confirmed(data, tmp_path):
    path = slipped(tmp_path)
    run(data, path)
    run(data, path)
    assert len(listed(data)) == 1
    assert run(data, path, confirm="数字无误").exit_code == 0
    assert listed(data) == ()


def test_a_right_file_of_the_same_month_takes_it_off_the_list_and_one_of_another_does_not(data, tmp_path):
    run(data, slipped(tmp_path))
    run(data, small_table(tmp_path / "十月.xlsx", 1.3, "2025年10月"))
    assert [item.name for item in listed(data)] == ["2025年9月.xlsx"]
    run(data, small_table(tmp_path / "九月.xlsx", 1.1, "2025年9月"))
    assert listed(data) == ()


def test_exports_that_came_in_do_not_settle_imports_of_the_month(tmp_path):
    def one_way(name, period, flag, yuan):
        return declared(
            tmp_path / name, [(period, flag, code("431103", 1), "甲", "07020000", "110", "0110", yuan, 1)]
        )

    data = tmp_path / "data"
    run(data, one_way("a.csv", "202508", "进口", 10_000), one_way("b.csv", "202508", "出口", 10_000))
    run(data, one_way("c.csv", "202509", "进口", 100_000_000))
    run(data, one_way("d.csv", "202509", "出口", 10_000))
    assert [item.name for item in listed(data)] == ["c.csv"]


def test_who_may_not_see_rows_sees_the_file_without_its_reasons(data, tmp_path):
    run(data, slipped(tmp_path))
    assert [(item.name, item.reasons) for item in listed(data, "county")] == [("2025年9月.xlsx", ())]


def test_a_torn_line_loses_no_other(data, tmp_path):
    run(data, slipped(tmp_path))
    with open(data / "held.jsonl", "a", encoding="utf-8") as file:
        file.write('\n{"name": "半')
    run(data, slipped(tmp_path, "2025年10月"))
    assert {item.name for item in listed(data)} == {"2025年9月.xlsx", "2025年10月.xlsx"}
    assert (data / "held.jsonl").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("row", "settled"),
    [
        (("a" * 64, "firm_month", "2025-09 both", LATER), True),
        (("b" * 64, "firm_month", "2025-09 both", LATER), True),
        (("b" * 64, "firm_month", "2025-08 both", LATER), False),
        (("b" * 64, "county_month", "2025-09 both", LATER), False),
        (("a" * 64, "firm_month", "2025-09 both", NOON), False),
    ],
)
def test_what_settles_a_held_file(row, settled):
    assert (waiting([ITEM], starmap(Loaded, [row])) == ()) is settled


def test_a_ledger_is_settled_by_the_next_of_its_kind():
    ledger = dataclasses.replace(ITEM, kind="support", covers=())
    assert waiting([ledger], [Loaded("b" * 64, "support", None, LATER)]) == ()
    assert waiting([ledger], [Loaded("b" * 64, "rebates", None, LATER)]) == (ledger,)
