"""When which month is published: on the 18th to 20th of the next one; January comes with February, in March."""

from datetime import date

LAST_RELEASE_DAY = 20


def newest_due(today: date) -> str:
    """The newest month, ``YYYY-MM``, whose figures must be out by that day."""
    back = 1 if today.day > LAST_RELEASE_DAY else 2
    index = today.year * 12 + today.month - 1 - back
    if index % 12 == 0:  # January alone is never published
        index -= 1
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
