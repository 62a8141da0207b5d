"""Pictures of every page, to be looked at: three widths, light and dark, the overview in high contrast too.

Run: uv run python -m benchmarks.screenshots [--out DIR] [--data DIR] [--only PAGE …]. Without ``--data`` the demo is
built first. Every page of ``dashboard.address.PAGES`` is taken as it opens and once more drilled into; each picture
is as long as its page. Beside them stands ``index.html``, all of them on one page.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.served import ROOT, chromium, serving, settle, visit
from dashboard.address import PAGES

WIDTHS = (390, 1366, 1920)
HEIGHTS = {390: 844, 1366: 768, 1920: 1080}
LONGEST = 12_000  # pixels; Chromium draws no longer pictures
UNIT = "431124"
# What each page is asked for its second picture: something chosen, opened or followed.
DRILLED: Mapping[str, Mapping[str, str]] = {
    "": {"indicator": "rebate_days", "period": "2026-03"},
    "unit": {"unit": UNIT, "beside": "similar"},
    "indicator": {"indicator": "import_share", "unit": UNIT, "trace": "rows"},
    "ranking": {"measure": "import_share", "unit": UNIT, "sort": "value"},
    "firms": {"firm": "91431102MADEM0001N"},
    "markets": {"unit": UNIT, "flow": "import", "span": "ttm"},
    "timeline": {"unit": UNIT},
    "whatif": {"scenario": "growth", "unit": UNIT},
    "notes": {"place": UNIT, "topic": "import_share"},
    "quality": {"file": "1"},
}
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollHeight"


@dataclass(frozen=True)
class Look:
    """How a page is looked at: its colours, and whether with more contrast."""

    name: str
    scheme: str
    contrast: str = "no-preference"


@dataclass(frozen=True)
class Shot:
    """One page at one address in one look; taken at every width."""

    name: str
    address: str
    look: Look


LOOKS = (Look("light", "light"), Look("dark", "dark"))
CONTRASTS = (Look("contrast", "light", "more"), Look("contrast-dark", "dark", "more"))


def shots(only: tuple[str, ...] = ()) -> Iterator[Shot]:
    """Every page and its drilled view in every look; the overview in high contrast as well."""
    for path, page in PAGES.items():
        if only and page.module not in only:
            continue
        plain = Shot(page.module, f"/{path}", LOOKS[0])
        drilled = Shot(f"{page.module}-drilled", f"/{path}?{urlencode(DRILLED.get(path, {}))}", LOOKS[0])
        for shot in (plain, drilled) if path in DRILLED else (plain,):
            looks = (*LOOKS, *CONTRASTS) if shot.name == PAGES[""].module else LOOKS
            yield from (replace(shot, look=look) for look in looks)


def take(browser: Any, server: str, shot: Shot, out: Path) -> list[Path]:
    """The pictures of one shot, as long as the page is at each width."""
    look = shot.look
    context = browser.new_context(locale="zh-CN", color_scheme=look.scheme, contrast=look.contrast)
    page = context.new_page()
    taken = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        if not taken:
            visit(page, server + shot.address)
        settle(page).wait_for_timeout(300)  # charts follow a new width a moment later
        height = max(HEIGHTS[width], min(LONGEST, int(page.evaluate(SCROLLED))))
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        taken.append(out / f"{shot.name}-{width}-{look.name}.png")
        page.screenshot(path=str(taken[-1]))
    context.close()
    return taken


def index(pictures: list[Path]) -> str:
    """All pictures on one page, each under its name."""
    figures = "".join(
        f'<figure><a href="{path.name}"><img src="{path.name}" loading="lazy"></a>'
        f"<figcaption>{path.stem}</figcaption></figure>"
        for path in pictures
    )
    style = "figure{display:inline-block;vertical-align:top;margin:8px}img{width:440px;border:1px solid #888}"
    return f'<!doctype html><meta charset="utf-8"><title>各页截图</title><style>{style}</style>{figures}'


def demo(folder: Path) -> Path:
    """A data folder with the published demo, built by its own command."""
    command = [sys.executable, "-m", "dashboard.cli", "demo", "--no-serve", "--data", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return folder


def main() -> None:
    """Take the pictures and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--data", type=Path, help="a data folder with the demo loaded")
    parser.add_argument("--only", nargs="+", default=(), metavar="PAGE", help="modules of dashboard/pages")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or demo(Path(folder))
        with serving(data) as server, chromium() as browser:
            wanted = shots(tuple(arguments.only))
            pictures = [path for shot in wanted for path in take(browser, server, shot, arguments.out)]
    (arguments.out / "index.html").write_text(index(pictures), encoding="utf-8")
    print(f"{len(pictures)} pictures in {arguments.out}, all on {arguments.out / 'index.html'}")


if __name__ == "__main__":
    main()
