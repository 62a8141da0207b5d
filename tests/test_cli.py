"""The command line as scripts and people use it: output, exit codes, one-sentence mistakes."""

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest
from builders import code, firm_table, trade, write_csv

from dashboard import cli
from etl.snapshot import digest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def trade_kpi(*arguments, data=None):
    """The command in this process: starting Python anew costs seconds a time (one test does it all the same)."""
    words = ["trade-kpi", *map(str, arguments), *(["--data", str(data)] if data else [])]
    code, out, err = 0, io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", words), redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
    return Done(int(code), out.getvalue(), err.getvalue())


def test_the_command_runs_as_a_process_of_its_own(tmp_path):
    command = [sys.executable, "-m", "dashboard.cli", "status", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "trade-kpi load" in done.stderr and len(done.stderr.strip().splitlines()) == 1


def september(folder, code_b="12345"):
    firms = [
        ("甲", code("431103", 1), "冷水滩区", trade(1, 90, 1, 10)),
        ("乙", code_b, "东安县", trade(1, 1, 0, 0)),
    ]
    return firm_table(folder / "2025年9月.xlsx", "2025年9月企业进出口情况表", firms)


def test_load_prints_a_line_a_file_and_exits_one_when_rows_were_quarantined(tmp_path):
    done = trade_kpi("load", september(tmp_path), data=tmp_path / "data")
    assert done.returncode == 1
    assert "firm_month  2025-09  读取 2 = 接受 1 + 隔离 1 + 跳过 0" in done.stdout


def test_load_exits_zero_when_all_is_well_and_says_when_nothing_is_new(tmp_path):
    path = september(tmp_path, code("431122", 2))
    assert trade_kpi("load", path, data=tmp_path / "data").returncode == 0
    again = trade_kpi("load", path, data=tmp_path / "data")
    assert again.returncode == 0
    assert "没有发布新快照" in again.stdout


def test_load_exits_two_with_one_sentence_when_a_file_is_refused(tmp_path):
    done = trade_kpi(
        "load", write_csv(tmp_path / "怪表.csv", [("什么", "都不是"), (1, 2)]), data=tmp_path / "data"
    )
    assert done.returncode == 2
    assert "拒收 怪表.csv：文件认不出表头" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_publishes_nothing(tmp_path):
    assert trade_kpi("check", september(tmp_path), data=tmp_path / "data").returncode == 1
    assert "还没有快照" in trade_kpi("snapshots", data=tmp_path / "data").stdout


def test_status_json_is_the_scoreboard_of_the_month(demo_data):
    answer = json.loads(trade_kpi("status", "--period", "2026-10", "--json", data=demo_data).stdout)
    assert answer["demo"] is True
    assert answer["period"] == "2026-10"
    assert set(answer["rows"][0]) == {
        "indicator", "unit", "period", "value", "target", "pace", "gap", "status", "note",
    }  # fmt: skip
    rows = {(row["indicator"], row["unit"]): row for row in answer["rows"]}
    share = rows["import_share", "4311"]
    assert share["status"] == "behind"
    assert share["gap"] == pytest.approx(0.1 - share["value"])
    assert len({unit for _, unit in rows} - {"unassigned"}) == 15


def test_status_in_the_terminal_shows_lights_and_says_demo(demo_data):
    text = trade_kpi("status", data=demo_data).stdout
    assert "演示数据" in text
    assert "▼ 滞后" in text
    assert "● 已达标" in text


def test_status_of_one_unit_by_its_name(demo_data):
    answer = json.loads(trade_kpi("status", "--unit", "经开区", "--json", data=demo_data).stdout)
    assert {row["unit"] for row in answer["rows"]} == {"431171"}


def test_explain_goes_from_the_clause_to_the_source_row(demo_data):
    text = trade_kpi(
        "explain", "import_share", "--unit", "431103", "--period", "2026-10", data=demo_data
    ).stdout
    for part in (
        "到2026年全市外贸进口占比提高到10%以上。",
        "累计进口÷",
        "select",
        "各县市区进出口情况表.xlsx",
        "第",
    ):
        assert part in text


def test_explain_json_rows_add_up_to_the_number(demo_data):
    answer = json.loads(
        trade_kpi("explain", "rebate_days", "--period", "2026-10", "--json", data=demo_data).stdout
    )
    days = [int(row["figures"].split("，")[-1].split()[0]) for row in answer["source_rows"]]
    assert sum(days) / len(days) == pytest.approx(answer["value"])
    assert answer["source_rows_total"] == len(days)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nonsense",), "没有命令 nonsense"),
        (("load",), "缺少参数 路径"),
        (("load", "/nowhere"), "找不到 /nowhere"),
        (("load", ".", "--kind", "x"), "没有「x」这种文件"),
        (("status", "--what"), "没有选项 --what"),
        (("status", "--period", "1999-01"), "没有 1999-01 的数据"),
        (("status", "--unit", "长沙"), "没有代码为「长沙」的县市区"),
        (("explain", "nothing"), "没有名为「nothing」的指标"),
        (("rollback", "x"), "找不到快照「x」"),
    ],
)
def test_a_users_mistake_is_one_chinese_sentence_and_exit_two(demo_data, arguments, sentence):
    done = trade_kpi(*arguments, data=None if arguments in (("nonsense",),) else demo_data)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_before_the_first_load_every_reader_says_how_to_load(tmp_path):
    done = trade_kpi("status", data=tmp_path)
    assert (done.returncode, "trade-kpi load" in done.stderr) == (2, True)


def test_rollback_republishes_the_older_snapshot(tmp_path):
    data = tmp_path / "data"
    trade_kpi("load", september(tmp_path), data=data)
    first = trade_kpi("snapshots", data=data).stdout.split()[1]
    trade_kpi("load", write_csv(tmp_path / "园区.csv", [("园区", "县市区"), ("甲园", "道县")]), data=data)
    assert trade_kpi("rollback", first, data=data).returncode == 0
    assert f"→ {first}" in trade_kpi("snapshots", data=data).stdout


def test_demo_data_never_mix_into_real_ones(tmp_path):
    data = tmp_path / "data"
    trade_kpi("load", september(tmp_path), data=data)
    done = trade_kpi("demo", "--no-serve", data=data)
    assert done.returncode == 2
    assert "演示数据不能混入" in done.stderr


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_each_command_has_chinese_help_and_stands_in_the_readme(command):
    text = trade_kpi(command, "--help").stdout
    assert "用法：" in text
    assert "Usage" not in text
    assert "Show this message" not in text
    assert not re.search("<[a-zA-Z]", text)  # Python's names of types
    assert f"trade-kpi {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_diff_says_in_words_what_a_new_file_changed(tmp_path):
    data = tmp_path / "data"
    trade_kpi("load", september(tmp_path, code("431122", 2)), data=data)
    revised = [
        ("甲", code("431103", 1), "冷水滩区", trade(1, 95, 1, 5)),
        ("乙", code("431122", 2), "东安县", trade(1, 1, 0, 0)),
    ]
    trade_kpi("load", firm_table(tmp_path / "改.xlsx", "2025年9月企业进出口情况表", revised), data=data)
    text = trade_kpi("diff", data=data).stdout
    assert "2025-09 冷水滩区 进口占比 10.00% → 5.00%，● 已达标 → ▼ 滞后" in text


def test_diff_sums_a_new_month_up_and_lists_what_it_revises(tmp_path):
    data = tmp_path / "data"
    trade_kpi("load", september(tmp_path, code("431122", 2)), data=data)
    first_firm, second_firm = ("甲", code("431103", 1), "冷水滩区"), ("乙", code("431122", 2), "东安县")
    months = {9: [(*first_firm, trade(1, 95, 1, 5)), (*second_firm, trade(1, 1, 0, 0))],
              10: [(*first_firm, trade(1, 96, 0, 5)), (*second_firm, trade(1, 2, 0, 0))]}  # fmt: skip
    both = [
        firm_table(tmp_path / f"{month}.xlsx", f"2025年{month}月企业进出口情况表", firms)
        for month, firms in months.items()
    ]
    trade_kpi("load", *both, data=data)
    first, new, *revised = trade_kpi("diff", data=data).stdout.splitlines()
    assert first.endswith(f"修订 {len(revised)} 处，其中 2 处变灯")
    counted = re.fullmatch(r"新增 2025-10：(\d+) 个单位 × 13 项指标，.*", new)
    lights = [int(figure) for figure in re.findall(r" (\d+)处", new)]
    assert sum(lights) == int(counted[1]) * 13
    assert "○ 暂无数据" in new
    assert revised and all(line.startswith("2025-09 ") for line in revised)


def test_diff_with_one_snapshot_says_so(demo_data):
    done = trade_kpi("diff", data=demo_data)
    assert (done.returncode, "只有一个快照" in done.stderr) == (2, True)


def test_status_says_how_far_the_sources_agree(demo_data):
    assert "对账　8 项核对" in trade_kpi("status", data=demo_data).stdout


def test_template_writes_a_workbook_and_says_how_to_load_it(tmp_path):
    path = tmp_path / "模板.xlsx"
    done = trade_kpi("template", "firms", "-o", path)
    assert done.returncode == 0
    assert path.exists()
    assert trade_kpi("template", "nothing", "-o", path).returncode == 2


def test_a_held_file_is_let_in_with_a_reason(tmp_path):
    data = tmp_path / "data"
    trade_kpi("load", september(tmp_path, code("431122", 2)), data=data)
    rows = [("甲", code("431103", 1), "冷水滩区", trade(1, 95, 1, 5))]
    october = firm_table(tmp_path / "十月.xlsx", "2025年10月企业进出口情况表", rows)
    held = trade_kpi("load", october, data=data)
    assert (held.returncode, "已扣留" in held.stderr) == (2, True)
    assert trade_kpi("load", october, "--confirm", "乙已注销", data=data).returncode == 0


def test_the_quarantine_is_listed_written_mended_and_traced(tmp_path):
    data, path = tmp_path / "data", tmp_path / "更正.xlsx"
    trade_kpi("load", september(tmp_path), data=data)
    assert trade_kpi("quarantine", data=data).stdout == "1  2025年9月.xlsx  企业月度进出口 firm_month  1 行\n"
    assert "已写出 1 行" in trade_kpi("quarantine", "--file", "2025年9月.xlsx", "-o", path, data=data).stdout
    book = openpyxl.load_workbook(path)
    faulty = next(cell for cell in book.worksheets[0][3] if cell.value == "12345")
    faulty.value = code("431122", 2)
    book.save(path)
    done = trade_kpi("load", path, data=data)
    assert done.returncode == 0
    assert "更正（企业月度进出口） repair  2025-09  读取 1 = 接受 1 + 隔离 0 + 跳过 0" in done.stdout
    traced = trade_kpi("explain", "import_share", "--unit", "东安县", data=data).stdout
    assert "更正.xlsx 工作表「企业月度进出口」 第3行" in traced
    assert "更正自 2025年9月.xlsx「Sheet1」第6行" in traced
    assert trade_kpi("quarantine", data=data).stdout == "没有隔离的行。\n"
    nothing = trade_kpi("quarantine", "-o", path, data=data)
    assert (nothing.returncode, "没有这样的隔离行" in nothing.stderr) == (2, True)


def test_a_damaged_snapshot_is_not_compared_and_one_sentence_says_what_to_do(tmp_path):
    older = tmp_path / "snapshots" / "snapshot-20200101-000000.duckdb"
    older.parent.mkdir()
    for path in (older, older.with_name("snapshot-20200102-000000.duckdb")):
        path.write_bytes(b"\0" * 4096)
        path.with_suffix(".sha256").write_text(f"{digest(path)}  {path.name}\n")
    done = trade_kpi("diff", "20200101-000000", "20200102-000000", data=tmp_path)
    assert done.returncode == 2 and "不能比较" in done.stderr
