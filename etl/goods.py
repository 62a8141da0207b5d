"""Goods that a document names and monitors follow, as its policy folder lists them by commodity code."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from etl.errors import PolicyError
from etl.records import read_toml, record

CODE = re.compile(r"(?:[0-9]{2}){1,4}")
ENCOURAGED = "encouraged"  # the catalogue of imports, which is loaded and not part of a policy


@dataclass(frozen=True)
class Goods:
    """A group of goods. codes: of the Harmonized System, 2 to 8 digits; everything under a code is in the group."""

    id: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class _File:
    goods: tuple[Goods, ...]


@functools.lru_cache(maxsize=8)
def load_goods(folder: Path) -> tuple[Goods, ...]:
    """The groups of a policy folder; PolicyError, a Chinese sentence, on anything missing, unknown or unclear."""
    goods = record(_File, read_toml(folder / "goods.toml"), "goods.toml").goods
    ids = [item.id for item in goods]
    if len(set(ids)) < len(ids) or ENCOURAGED in ids:
        raise PolicyError(f"goods.toml 的 id 重复，或用了保留的 {ENCOURAGED}，请改名。")
    for item in goods:
        for code in item.codes:
            if not CODE.fullmatch(code):
                raise PolicyError(f"goods.toml 里「{item.name}」的「{code}」不是2至8位的商品编码，请改正。")
    return goods
