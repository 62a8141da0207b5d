"""What a document's events may be: the categories of its policy folder, each with the ways that ledgers spell it."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from etl.errors import PolicyError
from etl.records import read_toml, record

FILE = "events.toml"


@dataclass(frozen=True)
class Named:
    """One word of a closed list as it is stored. aliases: other spellings in a ledger."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class _File:
    categories: tuple[Named, ...]


@functools.lru_cache(maxsize=8)
def load_categories(folder: Path) -> dict[str, str]:
    """Every spelling, in capitals as a cell is compared → its category, in the file's order.

    PolicyError, a Chinese sentence, where a spelling stands twice or anything is missing or unknown.
    """
    return spelled(record(_File, read_toml(folder / FILE), FILE).categories, FILE)


def spelled(words: Iterable[Named], file: str) -> dict[str, str]:
    """Every spelling of a closed list, in capitals → its word; PolicyError where a spelling stands for two."""
    found: dict[str, str] = {}
    for word in words:
        for spelling in (word.name, *word.aliases):
            if found.setdefault(spelling.upper(), word.name) != word.name:
                raise PolicyError(f"{file} 中的写法「{spelling}」属于不止一个类别，请只留一处。")
    return found


def require_categories(folder: Path, named: Iterable[object], where: str) -> None:
    """PolicyError where a file of the folder names a category that there is not."""
    known = set(load_categories(folder).values())
    if unknown := [str(name) for name in named if name not in known]:
        raise PolicyError(f"{where} 的类别「{unknown[0]}」不在 {FILE} 中，请改正或补上。")
