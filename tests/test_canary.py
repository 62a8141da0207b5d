"""A name that must not get out: every page and every file, in every role; and as markup, inert wherever it is shown."""

import io
import re

import duckdb
import openpyxl
import pytest
from builders import code, firm_table, registry, trade
from streamlit.testing.v1 import AppTest
from test_pages import APP, html

from dashboard import who
from dashboard.address import PAGES
from dashboard.identity import ROLES, Viewer
from etl.apply import Options
from etl.layout import Hints
from etl.load import load
from etl.policy import load_policy
from etl.snapshot import current

OWN, OTHER = "431124", "431123"
CANARY = '=HYPERLINK("http://x")<img src=x onerror=alert(1)>**金丝雀**公司'
# Every page as it shows the most, at another unit than the county's own.
STATE = {
    "unit": {"unit": OTHER, "beside": "similar"},
    "indicator": {"indicator": "firms_over_100m", "unit": OTHER, "trace": "rows"},
    "firms": {"unit": OTHER},
    "markets": {"unit": OTHER},
    "whatif": {"scenario": "crossing", "unit": OTHER},
}


def walked(data, monkeypatch, viewer, state):
    """All that the viewer's pages show, and the bytes of all files that they offer."""
    files = []
    monkeypatch.setenv("TRADE_KPI_DATA", str(data))
    monkeypatch.setattr("dashboard.identity.signed_in", lambda: viewer)
    monkeypatch.setattr(who, "taken", lambda viewer, name, sort, make: files.append((name, make)) or make)
    said = {}
    app = AppTest.from_file(APP, default_timeout=120).run()
    for path, page in PAGES.items():
        app.switch_page(page.file)
        for key, value in state.get(path, {}).items():
            app.query_params[key] = value
        app.run()
        assert not app.exception, page.file
        charts = "".join(chart.proto.spec for chart in app.get("plotly_chart"))
        options = "".join(str(box.options) for box in (*app.selectbox, *app.multiselect))
        said |= {path: html(app) + charts, f"{path} options": options}
    return said, {name: make() for name, make in files}


def texts(name, content):
    """The cells of a file: of a CSV its text, of a workbook its strings."""
    if name.endswith(".csv"):
        return content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def names_of_firms(data, where):
    """Names and codes of the firms whose unit now is so."""
    with duckdb.connect(str(current(data).path), read_only=True) as con:
        rows = con.execute(f"select distinct firm_name, uscc from mart_firm_tier where {where}").fetchall()
    return {text for row in rows for text in row if text}


def names_in_ledgers(data, own):
    """Names of events and of park projects that are not the own unit's: they are firms', or tell of one."""
    with duckdb.connect(str(current(data).path), read_only=True) as con:
        rows = con.execute(
            """select name from fact_events where unit is distinct from $1
            union
            select project from fact_park_projects as project
            inner join fact_parks as park on park.park = project.park where park.unit is distinct from $1""",
            [own],
        ).fetchall()
    return {name for (name,) in rows}


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("leader", "task_force")])
def test_no_page_and_no_file_names_a_firm_to_who_may_not_see_it(demo_data, monkeypatch, role):
    own = OWN if role == "county" else None
    secret = names_of_firms(demo_data, "true") - names_of_firms(demo_data, f"unit = '{own}'")
    assert len(secret) > 1000
    secret |= names_in_ledgers(demo_data, own)
    said, files = walked(demo_data, monkeypatch, Viewer("某", role, own), STATE)
    shown = {**said, **{name: texts(name, made) for name, made in files.items()}}
    mended = ("quality", "更正表")  # whoever mends rows in quarantine sees them, names and all
    leaks = {
        place: sorted(name for name in secret if name in text)[:3]
        for place, text in shown.items()
        if not (role == "loader" and place.startswith(mended)) and any(name in text for name in secret)
    }
    assert leaks == {}


@pytest.mark.parametrize(("role", "own"), [("county", OWN), ("loader", None)])
@pytest.mark.parametrize("unit", [OTHER, "4311"])
def test_no_way_back_from_an_indicator_names_a_firm_an_event_or_a_project_to_who_may_not_see_it(
    demo_data, monkeypatch, role, own, unit
):
    secret = names_of_firms(demo_data, "true") - names_of_firms(demo_data, f"unit = '{own}'")
    secret |= names_in_ledgers(demo_data, own)
    files = []
    monkeypatch.setenv("TRADE_KPI_DATA", str(demo_data))
    monkeypatch.setattr("dashboard.identity.signed_in", lambda: Viewer("某", role, own))
    monkeypatch.setattr(who, "taken", lambda viewer, name, sort, make: files.append((name, make)) or make)
    app = AppTest.from_file(APP, default_timeout=120).run().switch_page("dashboard/pages/indicator.py")
    leaks, listed = {}, 0
    for indicator in load_policy().indicators:
        files.clear()
        app.query_params["indicator"], app.query_params["unit"] = indicator.id, unit
        app.query_params["trace"] = "rows"
        shown = html(app.run())
        listed += "来自" in shown
        for place, text in [("page", shown), *((name, texts(name, make())) for name, make in files)]:
            if found := sorted(name for name in secret if name in text):
                leaks[indicator.id, place] = found[:3]
    assert listed > 5 and leaks == {}


def test_a_name_made_of_markup_and_formulas_is_inert_everywhere(tmp_path, monkeypatch):
    data, uscc = tmp_path / "data", code(OTHER, 1)
    row = (uscc, CANARY, "双牌县", "园区", "其他", "<b>集群</b>", "一类", "", "2025-01-01")
    files = [registry(tmp_path / "<i>名录</i>.csv", [row])]
    for month in range(1, 10):
        figures = trade(4000, 4000 * month, 0, 0)
        firm = (CANARY, uscc, "双牌县", figures)
        files.append(firm_table(tmp_path / f"{month}月.xlsx", f"2025年{month}月企业进出口情况表", [firm]))
    assert load(data, [(path, Hints()) for path in files], Options()).snapshot
    state = {**STATE, "firms": {"firm": uscc}, "indicator": {**STATE["indicator"], "unit": OTHER}}
    said, taken = walked(data, monkeypatch, Viewer("某", "task_force", None), state)
    assert any("金丝雀" in text for text in said.values())
    for path, text in said.items():
        if not path.endswith(" options"):  # these are text to the browser, whatever stands in them
            assert not re.search(r"<img|<i>名录|<b>集群", text), path
    for name, made in taken.items():
        if name.endswith(".csv"):
            assert not re.search(r"(^|[,\n])\"?[=@+]", made.decode("utf-8-sig")), name
        else:
            book = openpyxl.load_workbook(io.BytesIO(made))
            assert not [
                c for sheet in book for row in sheet for c in row if c.data_type == "f" or c.hyperlink
            ], name
