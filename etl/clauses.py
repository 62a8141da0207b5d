"""The document sentence by sentence: which indicator, monitor or support item keeps an eye on it, or why none does.

``clauses.toml`` of a policy folder quotes every sentence that sets something, in the order of the text. Reading it
checks it against ``document.txt``: a quote that does not stand there, or words of a measure that neither a quote
nor its ``connecting`` list accounts for, are an error, and so is an id that nothing has.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from etl.document import clause_text
from etl.errors import PolicyError
from etl.monitors import load_monitors
from etl.policy import Policy
from etl.records import read_toml, record
from etl.support.rules import load_rules

FILE = "clauses.toml"


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a clause of one. tracked: ``indicator:…``, ``monitor:…``, ``item:…``; or why nothing can be."""

    quote: str
    tracked: tuple[str, ...]
    not_measurable: str | None

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids of that kind which track it, in the file's order."""
        pairs = (reference.partition(":") for reference in self.tracked)
        return tuple(id for own, _, id in pairs if own == kind)


@dataclass(frozen=True)
class Measure:
    """One measure of the document. connecting: what stands between its sentences."""

    number: str
    connecting: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids of that kind which track any of its sentences, each once."""
        return tuple(dict.fromkeys(id for sentence in self.sentences for id in sentence.ids(kind)))


@dataclass(frozen=True)
class ClauseList:
    """The whole document. closing: what stands after the last measure and sets something."""

    measures: tuple[Measure, ...]
    closing: tuple[Sentence, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, in the document's order."""
        return (*(sentence for measure in self.measures for sentence in measure.sentences), *self.closing)

    def measure(self, number: str) -> Measure:
        """The measure of that number."""
        return next(measure for measure in self.measures if measure.number == number)


def load_clauses(policy: Policy) -> ClauseList:
    """The folder's list, checked against the text and against what there is to refer to; else a PolicyError."""
    found = _load(policy.folder)
    declared, listed = (
        [item.number for item in group] for group in (policy.document.clauses, found.measures)
    )
    if listed != declared:
        raise PolicyError(
            f"{FILE} 的条目（{'、'.join(listed)}）与 document.toml 的（{'、'.join(declared)}）不一致，请改正。"
        )
    known = _known(policy)
    for reference in (reference for sentence in found.sentences for reference in sentence.tracked):
        if reference not in known:
            raise PolicyError(f"{FILE} 里的「{reference}」不存在，请核对指标、监测项或支持事项的代号。")
    return found


def uncovered(text: str, quotes: Iterable[str]) -> Iterator[str]:
    """What of a text stands before, between and after the quotes, which must come in its order; spaces apart."""
    left = _joined(text)
    for quote in quotes:
        before, found, left = left.partition(_joined(quote))
        if not found:
            raise PolicyError(f"{FILE} 里的「{quote}」在原文里找不到，或顺序不对，请核对。")
        yield before
    yield left


def _known(policy: Policy) -> set[str]:
    named = {
        "indicator": [indicator.id for indicator in policy.indicators],
        "monitor": [monitor.id for monitor in load_monitors(policy)],
        "item": list(load_rules(policy).names),
    }
    return {f"{kind}:{id}" for kind, ids in named.items() for id in ids}


@functools.lru_cache(maxsize=8)
def _load(folder: Path) -> ClauseList:
    found = record(ClauseList, read_toml(folder / FILE), FILE)
    for sentence in found.sentences:
        if bool(sentence.tracked) == bool(sentence.not_measurable):
            raise PolicyError(
                f"{FILE} 里的「{sentence.quote}」应当或者写明 tracked，或者写明 not_measurable 的理由，二者取一。"
            )
    for measure in found.measures:
        _check(measure, clause_text(folder, measure.number))
    document = (folder / "document.txt").read_text(encoding="utf-8")
    list(uncovered(document, (sentence.quote for sentence in found.sentences)))
    return found


def _check(measure: Measure, text: str) -> None:
    left = [rest for rest in uncovered(text, (item.quote for item in measure.sentences)) if rest]
    if missed := [rest for rest in left if rest not in map(_joined, measure.connecting)]:
        raise PolicyError(f"{FILE} 第{measure.number}条没有说明原文的「{missed[0]}」，请补上。")
    if idle := [word for word in measure.connecting if _joined(word) not in left]:
        raise PolicyError(f"{FILE} 第{measure.number}条的 connecting「{idle[0]}」没有用到，请删去。")


def _joined(text: str) -> str:
    return re.sub(r"\s", "", text)
