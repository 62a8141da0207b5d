"""A payment that somebody types, as a small ledger file: it goes the way of every other file. Pure."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from etl.errors import UserError
from etl.sources.support import SOURCE

COLUMNS = tuple(SOURCE.columns)
ZERO = Decimal(0)
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class Entry:
    """One payment as typed; unit: the name of the county; base_cny: None where the item has none. Yuan."""

    paid: dt.date
    uscc: str
    firm_name: str
    unit: str
    item: str
    project: str
    base_cny: Decimal | None
    amount_cny: Decimal

    @property
    def key(self) -> tuple[object, ...]:
        """By what the ledger knows a payment: one with the same key takes its place."""
        return tuple(getattr(self, name) or "" for name in SOURCE.key)


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


def replacing(new: Entry, old: Entry | None) -> tuple[Entry, ...]:
    """The rows of a correction: where the key changes, the old row is withdrawn by a sum of zero."""
    if old is None or old.key == new.key:
        return (new,)
    return withdrawn(old), new


def withdrawn(old: Entry) -> Entry:
    """A payment taken back: the same key, a sum of zero."""
    return Entry(old.paid, old.uscc, old.firm_name, old.unit, old.item, old.project, old.base_cny, ZERO)


def as_file(entries: Sequence[Entry]) -> bytes:
    """The rows as a ledger file, with the headers of its template."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([SOURCE.columns[name].header for name in COLUMNS])
    for entry in entries:
        cells = (getattr(entry, name) for name in COLUMNS)
        writer.writerow(["" if cell is None else str(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")
