"""A payment that somebody types, as a small ledger file: it goes the way of every other file. Pure."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import polars as pl

from etl import cells
from etl.errors import UserError
from etl.sources.support import SOURCE

COLUMNS = tuple(SOURCE.columns)
ZERO = Decimal(0)
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class Entry:
    """One payment as typed; unit: the name of the county, empty for the firm's own; base_cny: None without one. Yuan."""

    paid: dt.date
    uscc: str
    firm_name: str
    unit: str
    item: str
    project: str
    base_cny: Decimal | None
    amount_cny: Decimal

    @property
    def key(self) -> tuple[str, ...]:
        """By what the ledger knows a payment, as the file is read: all with that key give way to a newer file's."""
        return tuple(_read(SOURCE.columns[name].reader, str(getattr(self, name))) for name in SOURCE.key)


def _read(reader: str, typed: str) -> str:
    """A part of the key as the loader reads it; a date is one already."""
    read = {"uscc": cells.uscc, "text": cells.text}.get(reader)
    return typed if read is None else pl.select(read(pl.lit(typed))).item() or ""


def amount(typed: str, what: str) -> Decimal | None:
    """A typed sum in yuan; None for nothing, UserError for what is no sum to the fen."""
    text = typed.strip().replace(",", "").replace("，", "").removesuffix("元").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= LARGEST or value != round(value, 2):
        raise UserError(
            f"{what}「{typed.strip()}」不是金额，请写成以元为单位、最多两位小数的数字，如 120000.00。"
        )
    return value


def entered(new: Entry, same: Sequence[Entry]) -> tuple[Entry, ...]:
    """The row of a new payment; UserError where the ledger has some of its key, which would give way to it."""
    if same:
        had = "、".join(f"{entry.amount_cny:,.2f} 元" for entry in same)
        raise UserError(
            f"{new.paid} 这家企业的「{new.item}」{f'项目「{new.project}」' if new.project else '没有写项目的'}"
            f"已有{len(same)}笔拨付（{had}）；如是另一笔，请在「项目」里写明与它的区别，如是更正，请从那一笔进入更正。"
        )
    return (new,)


def replacing(new: Entry, old: Entry, beside: Sequence[Entry], same: Sequence[Entry]) -> tuple[Entry, ...]:
    """The rows of a correction: where the key changes, the old row is withdrawn by a sum of zero.

    beside: the other payments of the old key, which stay as they are; same: those of the new one, where it is another.
    """
    if old.key == new.key:
        return (new, *beside)
    return (withdrawn(old), *beside, *entered(new, same))


def withdrawn(old: Entry) -> Entry:
    """A payment taken back: the same key, a sum of zero."""
    return Entry(old.paid, old.uscc, old.firm_name, old.unit, old.item, old.project, old.base_cny, ZERO)


def as_file(entries: Sequence[Entry]) -> bytes:
    """The rows as a ledger file, with the headers of its template."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([SOURCE.columns[name].header for name in COLUMNS])
    for entry in entries:
        said = (getattr(entry, name) for name in COLUMNS)
        writer.writerow(["" if cell is None else str(cell) for cell in said])
    return out.getvalue().encode("utf-8-sig")
