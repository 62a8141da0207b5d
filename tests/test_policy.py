"""The policy folder: strict to read, true to the document's words, wired to the SQL it names."""

import re
import shutil

import duckdb
import pytest

from etl.errors import PolicyError
from etl.monitors import load_monitors
from etl.policy import DEFAULT_FOLDER, load_policy
from etl.scoreboard import SPECIAL
from etl.snapshot import current
from etl.warehouse import SQL

POLICY = load_policy()
OTHERS = {"total_trade"}  # what other documents ask for, as in test_second_city
IDS = [indicator.id for indicator in POLICY.indicators]


def words(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DEFAULT_FOLDER, tmp_path / "policy")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_there_are_thirteen_indicators_and_twelve_counties():
    assert len(POLICY.indicators) == 13
    assert len(POLICY.counties) == 12


@pytest.mark.parametrize("indicator", POLICY.indicators, ids=IDS)
def test_each_quote_is_the_documents_own_words(indicator):
    text = words((DEFAULT_FOLDER / "document.txt").read_text(encoding="utf-8"))
    assert words(indicator.quote) in text


def test_each_clause_names_those_responsible_in_the_documents_words():
    text = words((DEFAULT_FOLDER / "document.txt").read_text(encoding="utf-8"))
    for clause in POLICY.document.clauses:
        assert clause.number + "、" + clause.title in text
        assert words(clause.responsible) in text


@pytest.mark.parametrize("indicator", POLICY.indicators, ids=IDS)
def test_each_indicator_names_sql_that_exists(indicator):
    assert (SQL / "measures" / f"{indicator.measure}.sql").exists()
    assert (SQL / "lineage" / f"{indicator.lineage}.sql").exists()


@pytest.mark.parametrize("indicator", POLICY.indicators, ids=IDS)
def test_each_figure_in_the_detail_line_comes_from_the_measure(indicator, demo_data):
    from etl.scoreboard import measure_sql

    text, parameters = measure_sql(indicator)
    with duckdb.connect(str(current(demo_data).path), read_only=True) as con:
        given = {column[0] for column in con.execute(text, parameters).description}
    assert set(re.findall(r"\{(\w+)\|", indicator.detail)) <= given - set(SPECIAL)


def test_every_measure_and_lineage_file_is_used():
    for kind, used in (
        ("measures", {item.measure for item in (*POLICY.indicators, *load_monitors(POLICY))} | OTHERS),
        ("lineage", {i.lineage for i in POLICY.indicators} | {"payments", "certified"}),  # of briefs' figures
    ):
        assert {path.stem for path in (SQL / kind).glob("*.sql")} == used


def test_an_unknown_key_is_an_error_that_names_file_and_key(folder):
    edit(folder / "indicators" / "import_share.toml", 'basis = "累计"', 'basis = "累计"\ncolour = "green"')
    with pytest.raises(PolicyError, match=r"import_share\.toml 有不认识的键 colour"):
        load_policy(folder)


def test_a_missing_key_is_an_error_that_names_file_and_key(folder):
    edit(folder / "indicators" / "import_share.toml", 'direction = ">="\n', "")
    with pytest.raises(PolicyError, match=r"import_share\.toml 缺少 direction"):
        load_policy(folder)


def test_a_direction_nobody_knows_is_an_error_and_not_a_guess(folder):
    edit(folder / "indicators" / "import_share.toml", 'direction = ">="', 'direction = "up"')
    with pytest.raises(PolicyError, match="direction 的值 'up'"):
        load_policy(folder)


def test_an_indicator_must_have_its_files_name(folder):
    (folder / "indicators" / "import_share.toml").rename(folder / "indicators" / "other.toml")
    with pytest.raises(PolicyError, match="与文件名不一致"):
        load_policy(folder)


def test_a_clause_outside_the_document_is_an_error(folder):
    edit(folder / "indicators" / "import_share.toml", 'clause = "六"', 'clause = "十一"')
    with pytest.raises(PolicyError, match="十一"):
        load_policy(folder)


def test_targets_are_exact():
    assert str(POLICY.indicator("import_share").city.target) == "0.1"


def test_an_indicator_answers_to_its_id_and_its_names():
    assert POLICY.indicator("进口占比") is POLICY.indicator("import_share")
    with pytest.raises(PolicyError, match="没有名为「x」的指标"):
        POLICY.indicator("x")
