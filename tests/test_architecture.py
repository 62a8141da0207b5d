"""The one-way flow, walked over the real imports."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", modules("etl"), ids=lambda path: str(path.relative_to(ROOT)))
def test_etl_never_imports_the_dashboard_or_streamlit(path):
    assert not {name for name in imports(path) if name.split(".")[0] in ("dashboard", "streamlit", "plotly")}


@pytest.mark.parametrize("path", modules("dashboard/pages"), ids=lambda path: path.stem)
def test_pages_never_import_each_other_and_hold_no_sql(path):
    assert not {name for name in imports(path) if name.startswith("dashboard.pages.")}
    assert "select " not in path.read_text(encoding="utf-8").lower()
    assert "duckdb" not in imports(path)


def test_one_module_and_the_command_line_open_a_snapshot():
    opening = {path.name for path in modules("dashboard") if "duckdb" in imports(path)}
    assert opening <= {"opened.py", "published.py", "looking.py"}


def test_mart_sql_stays_portable():
    for path in sorted((ROOT / "etl" / "sql").glob("mart_*.sql")):
        text = path.read_text(encoding="utf-8").lower()
        assert "qualify" not in text, path.name
        assert "group by all" not in text, path.name


def test_every_sql_file_is_one_select_with_a_head_comment():
    for path in sorted((ROOT / "etl" / "sql").rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("-- "), path.name
        assert ";" not in re.sub("--.*", "", text), path.name
