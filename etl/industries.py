"""The leading industries that a document names, as its policy folder lists them, each with the ways that registries spell it."""

import functools
from dataclasses import dataclass
from pathlib import Path

from etl.happenings import Named, spelled
from etl.records import read_toml, record

FILE = "industries.toml"
# what may stand around a spelling and says nothing: 外贸农产品加工业
AROUND = r"^外贸|(加工|制造|类|业|行业|产业|产品|制品|企业)+$"


@dataclass(frozen=True)
class _File:
    industries: tuple[Named, ...]


@functools.lru_cache(maxsize=8)
def load_industries(folder: Path) -> dict[str, str]:
    """Every spelling, in capitals as a cell is compared → its industry, in the file's order; PolicyError as for events."""
    return spelled(record(_File, read_toml(folder / FILE), FILE).industries, FILE)


def leading(folder: Path) -> tuple[str, ...]:
    """What the industries are called, in the file's order."""
    return tuple(dict.fromkeys(load_industries(folder).values()))
