"""The state of a view in its URL: which page, period, unit and indicator."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

KEYS = ("period", "unit", "indicator", "file")
PAGES = {"": "总览", "unit": "县市区", "indicator": "指标", "quality": "数据质量"}
NEEDED = {
    "": ("period", "indicator"),
    "unit": ("period", "unit"),
    "indicator": ("period", "unit", "indicator"),
    "quality": ("period", "file"),
}


@dataclass(frozen=True)
class View:
    """What is being looked at. period: ``YYYY-MM``; unit and indicator are known codes.

    file: of the quarantine, by its number in the snapshot; empty for all.
    """

    period: str
    unit: str
    indicator: str
    file: str = ""


def href(page: str, view: View, **changed: str) -> str:
    """The address of a page for that view, with some of it changed. The overview needs no unit."""
    state = {key: changed.get(key, getattr(view, key)) for key in KEYS}
    return f"/{page}?{urlencode({key: state[key] for key in NEEDED[page] if state[key]})}"


def parse(address: str) -> tuple[str, Mapping[str, str]] | None:
    """Page and state of an address from ``href``; None for anything else, wherever it came from."""
    parts = urlsplit(address)
    page = parts.path.strip("/")
    if parts.scheme or parts.netloc or page not in PAGES:
        return None
    return page, {key: value for key, value in parse_qsl(parts.query) if key in KEYS}
