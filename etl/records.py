"""TOML files as frozen records: every key is required and an unknown one is an error.

A typing slip in a declaration thus never turns into something silently missing.
"""

import dataclasses
import tomllib
import types
import typing
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from etl.errors import PolicyError

T = typing.TypeVar("T")


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of one file, its decimals exact; PolicyError where it is missing or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise PolicyError(f"缺少 {path.name}（{path.parent}），请补上该文件。") from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{path.name} 不是合法的 TOML（{error}），请改正。") from None


def record(cls: type[T], table: dict[str, Any], where: str) -> T:
    """A TOML table as a frozen record of ``cls``; nested records and arrays of records included."""
    hints = typing.get_type_hints(cls)
    names = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    if missing := names - table.keys():
        raise PolicyError(f"{where} 缺少 {'、'.join(sorted(missing))}，请补上。")
    if unknown := table.keys() - names:
        raise PolicyError(f"{where} 有不认识的键 {'、'.join(sorted(unknown))}，请删去或改正。")
    return cls(**{name: _value(hints[name], table[name], f"{where} {name}") for name in names})


def _value(hint: Any, value: Any, where: str) -> Any:
    """One TOML value as the type its record declares; a value of another type is an error."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value == "none" and types.NoneType in arguments:
            return None
        for choice in arguments:
            if choice is not types.NoneType:
                try:
                    return _value(choice, value, where)
                except PolicyError:
                    continue
    elif origin is Literal and value in arguments:
        return value
    elif origin is tuple and isinstance(value, list):
        return tuple(_value(arguments[0], item, where) for item in value)
    elif origin is dict and isinstance(value, dict):
        return {key: _value(arguments[1], item, f"{where} {key}") for key, item in value.items()}
    elif hint is Any:
        return value
    elif dataclasses.is_dataclass(hint) and isinstance(value, dict):
        return record(hint, value, where)  # type: ignore[arg-type]
    elif hint is Decimal and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    elif hint in (str, int) and type(value) is hint:
        return value
    raise PolicyError(f"{where} 的值 {value!r} 不合要求，请对照同类文件改正。")
