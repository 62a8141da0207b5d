"""Which pictures are taken, and that what they are drilled into exists."""

from benchmarks.screenshots import DRILLED, index, shots
from dashboard.address import PAGES


def test_every_page_is_taken_in_light_and_dark_and_the_overview_in_high_contrast():
    taken = {(shot.name, shot.look.name) for shot in shots()}
    assert {(page.module, look) for page in PAGES.values() for look in ("light", "dark")} <= taken
    assert {("overview", "contrast"), ("overview", "contrast-dark")} <= taken
    assert {f"{PAGES[path].module}-drilled" for path in DRILLED} <= {name for name, _ in taken}


def test_a_drilled_view_names_only_what_its_page_takes_from_the_address():
    assert {path: set(query) - set(PAGES[path].parts) for path, query in DRILLED.items()} == {
        path: set() for path in DRILLED
    }


def test_only_the_pages_asked_for_are_taken(tmp_path):
    assert {shot.address.partition("?")[0] for shot in shots(("ranking",))} == {"/ranking"}
    assert 'src="ranking-390-light.png"' in index([tmp_path / "ranking-390-light.png"])
