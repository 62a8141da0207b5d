"""Every kind of fault file, through the real load into a real snapshot."""

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from corpus import cell_cases, header_cases, level_cases, spelling_cases, text_cases, workbook_cases
from corpus.case import Case, declared, text

from etl import apply
from etl.apply import FileResult, Options
from etl.layout import Hints
from etl.load import Report, load
from etl.policy import load_policy
from etl.quarantine import WAITING, waiting
from etl.repair_book import write_book

CASES = [
    *text_cases.CASES,
    *workbook_cases.CASES,
    *header_cases.CASES,
    *level_cases.CASES,
    *cell_cases.CASES,
    *spelling_cases.CASES,
]
LOADED = [case for case in CASES if not case.refused]
REFUSED = [case for case in CASES if case.refused]


Loaded = dict[str, tuple[FileResult, int]]


def load_all(folder: Path, cases: list[Case]) -> Report:
    """One load of all files, each in a folder of its own because names repeat."""
    files = []
    for number, case in enumerate(cases):
        path = folder / str(number) / case.name
        path.parent.mkdir()
        path.write_bytes(case.content)
        files.append((path, case.hints))
    return load(folder / "data", files, Options())


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loaded, duckdb.DuckDBPyConnection]]:
    """The result and file id of each good case, and the snapshot; no file replaces, holds up or stands for another."""
    with pytest.MonkeyPatch.context() as patch:
        for name, nothing in (("supersede", []), ("_hold", []), ("_already_loaded", None)):
            patch.setattr(apply, name, lambda *arguments, nothing=nothing: nothing)
        report = load_all(tmp_path_factory.mktemp("loaded"), LOADED)
    ids = itertools.count(1)
    results = {
        case.id: (result, 0 if result.refused else next(ids))
        for case, result in zip(LOADED, report.files, strict=True)
    }
    with duckdb.connect(str(report.snapshot.path), read_only=True) as con:
        yield results, con


@pytest.fixture(scope="session")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The sentence of each refused case; together they may not change a byte of what is published."""
    folder = tmp_path_factory.mktemp("refused")
    good = folder / "good.csv"
    good.write_bytes(text(declared({})).encode())
    assert load(folder / "data", [(good, Hints())], Options()).snapshot
    before = published(folder)
    report = load_all(folder, REFUSED)
    assert report.snapshot is None
    assert report.exit_code == 2
    assert published(folder) == before
    return {case.id: result.refused for case, result in zip(REFUSED, report.files, strict=True)}


def published(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "data" / "snapshots").iterdir()}


@pytest.mark.parametrize("case", LOADED, ids=[case.id for case in LOADED])
def test_a_file_loads_with_the_right_values(case, loaded):
    results, con = loaded
    result, file_id = results[case.id]
    assert result.refused == ""
    assert (result.rows_read, result.accepted, result.quarantined, result.skipped) == case.counts
    facts = f'(select * from fact_{result.kind} where file_id = {file_id} order by sheet, "row")'
    assert con.execute(f"select count(*) from {facts}").fetchall() == [(result.accepted,)]
    if case.select:
        found = con.execute(f"select {case.select} from {facts}").fetchall()
        assert [row if len(row) > 1 else row[0] for row in found] == list(case.values)
    faults = con.execute(
        'select "row", column_name, rule from quarantine where file_id = ? order by all', [file_id]
    ).fetchall()
    assert len({row for row, _, _ in faults}) == result.quarantined
    assert not case.faults or faults == sorted(case.faults)
    for words in case.notes:
        assert words in "；".join(result.notes)


@pytest.mark.parametrize("case", REFUSED, ids=[case.id for case in REFUSED])
def test_a_file_is_refused_in_one_sentence_and_nothing_changes(case, refused):
    sentence = refused[case.id]
    assert all(words in sentence for words in case.refused), sentence
    assert sentence.endswith("。")
    assert "\n" not in sentence
    assert re.search("请|--", sentence), "it says what to do"
    assert "读取时出错" not in sentence, "it is a refusal, not an accident"


def test_the_corpus_is_large_enough_and_its_names_tell_its_cases_apart():
    assert len(CASES) >= 150
    assert len({case.id for case in CASES}) == len(CASES)


def test_what_comes_back_unmended_stays_in_quarantine_and_changes_nothing(loaded, tmp_path):
    """Every kind of fault survives the way out into a workbook and back: no faulty row slips in."""
    _, con = loaded
    path = Path(
        con.execute(
            "select path from duckdb_databases() where database_name = current_database()"
        ).fetchall()[0][0]
    )
    shutil.copytree(path.parent, tmp_path / "data" / "snapshots")
    rows = waiting(con.sql(WAITING, params=["", "", 10_000]).pl())
    write_book(tmp_path / "更正.xlsx", rows, len(rows), load_policy())
    report = load(tmp_path / "data", [(tmp_path / "更正.xlsx", Hints())], Options())
    result = report.files[0]
    assert (result.rows_read, result.accepted, result.quarantined) == (len(rows), 0, len(rows))
    assert result.unchanged and report.snapshot is None
