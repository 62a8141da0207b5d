"""Every kind of fault file, through the real load into a real snapshot."""

import re
from pathlib import Path

import duckdb
import pytest
from corpus import cell_cases, header_cases, text_cases, workbook_cases
from corpus.case import Case, declared, text

from etl import load as loading
from etl import snapshot
from etl.layout import Hints
from etl.load import Options, load

CASES = [*text_cases.CASES, *workbook_cases.CASES, *header_cases.CASES, *cell_cases.CASES]
LOADED = [case for case in CASES if not case.refused]
REFUSED = [case for case in CASES if case.refused]


def named(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.id for case in cases])


@pytest.fixture(autouse=True)
def facts_only(monkeypatch):
    """Marts and scoreboard follow from the facts and have their own tests; without them a file takes a third of the time."""
    monkeypatch.setattr(
        loading, "build_marts", lambda con: con.execute("create or replace table mart_calendar (period date)")
    )
    monkeypatch.setattr(loading, "build_scoreboard", lambda con, policy: None)
    monkeypatch.setattr(loading, "refresh_reference", lambda con, policy: None)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a published snapshot, which no refused file may touch."""
    data = tmp_path_factory.mktemp("published")
    path = data / "good.csv"
    path.write_bytes(text(declared({})).encode())
    assert load(data, [(path, Hints())], Options()).snapshot
    return data


@named(LOADED)
def test_a_file_loads_with_the_right_values(case, tmp_path):
    path = tmp_path / case.name
    path.write_bytes(case.content)
    report = load(tmp_path / "data", [(path, case.hints)], Options())
    result = report.files[0]
    assert result.refused == ""
    assert (result.rows_read, result.accepted, result.quarantined, result.skipped) == case.counts
    with duckdb.connect(str(report.snapshot.path), read_only=True) as con:
        if case.select:
            table = f'select * from fact_{result.kind} order by sheet, "row"'
            found = con.execute(f"select {case.select} from ({table})").fetchall()
            assert [row if len(row) > 1 else row[0] for row in found] == list(case.values)
        faults = con.execute('select "row", column_name, rule from quarantine order by 1').fetchall()
        standing = con.execute(f"select count(*) from fact_{result.kind}").fetchone()
    assert len({row for row, _, _ in faults}) == result.quarantined
    assert not case.faults or sorted(faults) == sorted(case.faults)
    assert standing == (result.accepted,)
    for words in case.notes:
        assert words in "；".join(result.notes)


@named(REFUSED)
def test_a_file_is_refused_in_one_sentence_and_nothing_changes(case, published, tmp_path):
    before = {path.name: path.read_bytes() for path in (published / "snapshots").iterdir() if path.is_file()}
    path = tmp_path / case.name
    path.write_bytes(case.content)
    report = load(published, [(path, case.hints)], Options())
    sentence = report.files[0].refused
    assert report.exit_code == 2
    assert report.snapshot is None
    assert all(words in sentence for words in case.refused), sentence
    assert sentence.endswith("。")
    assert "\n" not in sentence
    assert re.search("请|--", sentence), "it says what to do"
    assert "读取时出错" not in sentence, "it is a refusal, not an accident"
    assert {
        path.name: path.read_bytes() for path in (published / "snapshots").iterdir() if path.is_file()
    } == before
    assert snapshot.current(published) is not None


def test_the_corpus_is_large_enough_and_its_names_tell_its_cases_apart():
    assert len(CASES) >= 150
    assert len({case.id for case in CASES}) == len(CASES)
