"""Which column a header all but names: one letter written wrong, left out or added."""

from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

from etl.contracts import Column

LETTERS = 4  # of a spelling, for each letter that may be wrong; one may be in a short one too


def alike(plain: str, columns: Iterable[tuple[Column, tuple[str, ...]]]) -> str:
    """The main header of the likeliest of the columns, each with its spellings; "" where none is near.

    plain: the header as headers.plain_label gives it.
    """
    near = [
        (distance, column.header)
        for column, spellings in columns
        for spelling in spellings
        if (distance := DamerauLevenshtein.distance(plain, spelling)) <= max(1, len(spelling) // LETTERS)
        and distance < min(len(plain), len(spelling))
    ]
    return min(near, default=(0, ""))[1]
