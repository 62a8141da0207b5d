"""What an annotation is, which state it is in on a day, and what may stand in it. Pure functions."""

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

from etl.errors import UserError
from etl.policy import Clause, Policy

State = Literal["open", "done", "withdrawn"]
Standing = Literal["open", "overdue", "done", "withdrawn"]
STANDINGS: dict[Standing, str] = {
    "open": "进行中",
    "overdue": "已逾期",
    "done": "已完成",
    "withdrawn": "已撤回",
}
SHAPES: dict[Standing, str] = {"open": "◇", "overdue": "◆", "done": "✓", "withdrawn": "✕"}
ALL = "all"  # in an address: every unit, indicator or state
LONGEST = {"cause": 500, "measure": 500, "responsible": 120}
NAMES = {"cause": "原因", "measure": "措施", "responsible": "责任单位"}
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
BRACKETED = re.compile(r"（[^）]*）")
AND_OTHERS = re.compile(r"等?(相关职能部门|相关部门)?$")
# Characters that show nothing or turn the reading direction: controls, formats, private and unassigned ones.
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}


class NoteRefused(UserError):
    """An annotation that cannot be kept as it is; nothing was written."""


@dataclass(frozen=True)
class Draft:
    """What a person writes about one indicator × unit × month (``YYYY-MM``).

    cause: never empty. measure, responsible: may be empty. due: by when, or None.
    """

    indicator: str
    unit: str
    period: str
    cause: str
    measure: str
    due: date | None
    responsible: str


@dataclass(frozen=True)
class Annotation(Draft):
    """One version of one annotation: what is said, in which state, and who wrote it when (with time zone)."""

    id: int
    version: int
    state: State
    author: str
    role: str
    written_at: datetime

    @property
    def draft(self) -> Draft:
        """What it says, without who and when."""
        return Draft(**said(self))

    def standing(self, today: date) -> Standing:
        """Its state on a day: open ones are overdue from the day after they are due."""
        late = self.state == "open" and self.due is not None and self.due < today
        return "overdue" if late else self.state


def concerns(note: Annotation, period: str) -> bool:
    """Whether it is of that month, or of an earlier one and still open."""
    return note.period == period or (note.period < period and note.state == "open")


def said(draft: Draft) -> dict[str, Any]:
    """The parts of a draft by name."""
    return {field.name: getattr(draft, field.name) for field in fields(Draft)}


def cleaned(policy: Policy, draft: Draft) -> Draft:
    """The draft as it may be kept: without unseen characters; NoteRefused says what to change."""
    policy.indicator(draft.indicator), policy.unit(draft.unit)
    if not MONTH.fullmatch(draft.period):
        raise NoteRefused(f"批注的统计月份「{draft.period}」不是 YYYY-MM 形式的月份，请重新选择。")
    texts = {name: visible(getattr(draft, name)) for name in LONGEST}
    tidy = Draft(**{**said(draft), **texts})
    if not tidy.cause:
        raise NoteRefused("批注没有写原因，请填写「原因」后再保存。")
    for name, longest in LONGEST.items():
        if (length := len(getattr(tidy, name))) > longest:
            raise NoteRefused(
                f"「{NAMES[name]}」有{length}字，最多{longest}字，请删减{length - longest}字后再保存。"
            )
    if tidy.due and f"{tidy.due:%Y-%m}" < tidy.period:
        raise NoteRefused(f"完成时限{tidy.due}早于批注的统计月份{tidy.period}，请改成当月或以后的日期。")
    return tidy


def visible(words: str) -> str:
    """A text without the characters that show nothing; line breaks stay, blank lines and margins go."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    kept = ("".join(c for c in line if unicodedata.category(c) not in UNSEEN).strip() for line in lines)
    return "\n".join(line for line in kept if line)


def offices(clause: Clause) -> tuple[str, ...]:
    """The responsible units that the document names for a clause, one by one, in its order."""
    names = re.split("[、，]", BRACKETED.sub("", clause.responsible))
    return tuple(dict.fromkeys(name for part in names if (name := AND_OTHERS.sub("", part.strip()))))
