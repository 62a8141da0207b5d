"""Many readers at once, at a small count; the full trial is ``python -m benchmarks.sessions``. And what it would notice."""

import asyncio

import pytest

from benchmarks.crowd import Firms, Person, faults, wrong
from benchmarks.reader import Run
from benchmarks.sessions import Tally, crowd, judged
from dashboard import who
from dashboard.access import cookie
from dashboard.identity import Viewer

OWN, OTHER, NAME = "91431102MA4L000001", "91431124MA4L000002", "道县金丝雀公司"
COUNTY = Person("县市区002", "county", "431102", "")
KNOWN = {COUNTY.unit: Firms(frozenset({OWN.encode()}), frozenset({OTHER.encode()}), (NAME,))}


def run(html="", person=COUNTY, received=b"", errors=(), **more):
    bar = f'<summary title="{who.said(Viewer(person.name, person.role, person.unit))}">'
    return Run(0.1, {"tk_who": bar, "tk_firms": html, **more}, {}, errors, received)


def test_readers_of_mixed_roles_meet_no_error_and_nobody_elses_data(demo_data):
    tally, first, last = asyncio.run(crowd(demo_data, count=6, seconds=4, think=1))
    assert tally.errors == [] and tally.wrong == []
    assert len(tally.seconds) >= 2 * 6 and min(first, last) > 50 * 2**20


def test_what_is_somebodys_own_is_not_wrong():
    mark = f'<text x="1">{COUNTY.name} 2026-11-29 10:00</text>'
    assert wrong(COUNTY, run(f'<a href="/firms?firm={OWN}">', tk_watermark=mark), KNOWN) == []


@pytest.mark.parametrize(
    "shown",
    [
        run(person=Person("市领导000", "leader", None, "")),
        run(person=Person(COUNTY.name, "county", "431124", "")),
        run(f'<a href="/firms?firm={OTHER}">'),
        run(received=b"\x0a\x12" + OTHER.encode()),
        run(f"<p>{NAME}</p>"),
        run(tk_watermark='<text x="1">市领导000 2026-11-29 10:00</text>'),
        Run(0.1, {}, {}, (), b""),
    ],
    ids=["name", "unit", "link", "bytes", "canary", "watermark", "nobody"],
)
def test_what_is_anybody_elses_is_wrong(shown):
    assert wrong(COUNTY, shown, KNOWN)


def test_an_exception_and_a_page_that_cannot_be_shown_are_faults():
    assert faults(run()) == []
    assert faults(run(errors=("ValueError: x",))) and faults(run(tk_blank="<h1>请登录</h1>"))


@pytest.mark.parametrize(
    ("missed", "last"),
    [({}, 119), ({}, 121), ({"errors": ["x"]}, 100), ({"wrong": ["x"]}, 100), ({"seconds": [1.1]}, 100)],
)
def test_the_trial_is_passed_within_all_limits_alone(missed, last):
    tally = Tally(KNOWN, **{"seconds": [0.2], **missed})
    assert judged(tally, 100, last) == int(bool(missed) or last > 120)


def test_two_servers_of_one_dashboard_call_the_cookie_alike_and_two_dashboards_do_not(tmp_path, monkeypatch):
    monkeypatch.delenv("TRADE_KPI_ACCESS")
    names = []
    for folder in ("one", "one", "two"):
        monkeypatch.setenv("TRADE_KPI_DATA", str(tmp_path / folder))
        names.append(cookie.name())
    assert names[0] == names[1] != names[2]
