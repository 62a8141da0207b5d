"""Each payment judged against its item's rate and ceiling, the period, the cap over all items and double claims. Pure.

What was paid draws on a ceiling, whether it should have been paid or not, until a correction takes it back:
so no payment can raise what is left, and the sums that would be allowed never pass any ceiling.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from etl.support.claims import (
    ONCE,
    TOTAL,
    Claim,
    Ledger,
    Pot,
    Verdict,
    ceiling,
    floor_fen,
    in_order,
    pots,
    year_of,
)
from etl.support.names import alike, nearest
from etl.support.rules import Item

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)  # the gravest first
# What cannot be judged has no allowed sum: it is not known, which is not zero.
UNJUDGED: frozenset[Verdict] = frozenset({"unknown_item", "over_count", "no_base"})
ZERO = Decimal(0)


@dataclass(frozen=True)
class Judged:
    """A payment with its verdict, the sum that would be allowed (yuan; None: not known) and why.

    item: the document's, None for one it does not know. twin: the earlier payment that it may repeat.
    """

    claim: Claim
    item: Item | None
    verdict: Verdict
    allowed_cny: Decimal | None
    reason: str
    twin: Claim | None


@dataclass(frozen=True)
class Finding:
    """One thing found: the verdict that it makes, at most how much it leaves (None: says nothing), and a sentence."""

    verdict: Verdict
    most: Decimal | None
    sentence: str


def check(ledger: Ledger, claims: Iterable[Claim]) -> tuple[Judged, ...]:
    """Every payment judged, by day; payments of one day by what they say, so that the order of rows never matters."""
    paid: dict[Pot, Decimal] = defaultdict(Decimal)
    earlier: dict[str, list[Claim]] = defaultdict(list)
    judged = []
    for claim in in_order(ledger, claims):
        judged.append(_judge(ledger, claim, paid, earlier))
        if ledger.counts(claim):
            for pot in pots(ledger.item_of(claim), claim):
                paid[pot] += claim.amount_cny
            if claim.amount_cny > 0:
                earlier[claim.uscc].append(claim)
    return tuple(judged)


def _judge(
    ledger: Ledger, claim: Claim, paid: Mapping[Pot, Decimal], earlier: Mapping[str, Sequence[Claim]]
) -> Judged:
    item = ledger.item_of(claim)
    if not ledger.issued <= claim.paid <= ledger.valid_to:
        span = f"{ledger.issued} 至 {ledger.valid_to}"
        said = f"拨付日期 {claim.paid} 不在文件有效期（{span}）内，不能按本文件支付。"
        return Judged(claim, item, "outside_period", ZERO, said, None)
    if claim.amount_cny <= 0:
        said = "退回的资金，已从已付数中减去。" if claim.amount_cny else "金额为零，视为已撤销。"
        return Judged(claim, item, "ok", claim.amount_cny, said, None)
    before = _twins(ledger, item, claim, earlier)
    found = [*_rate(item, claim), *_pots(ledger, item, claim, paid), *_unknown(ledger, item, claim)]
    found += [*_count(ledger, item, claim), *_double(ledger, item, claim, before)]
    return _summed_up(claim, item, found, before[0] if before else None)


def _summed_up(claim: Claim, item: Item | None, found: list[Finding], twin: Claim | None) -> Judged:
    """The gravest finding gives the verdict, the tightest the sum; all their sentences are told."""
    over = sorted(found, key=lambda finding: VERDICTS.index(finding.verdict))
    verdict: Verdict = over[0].verdict if over else "ok"
    allowed = min([claim.amount_cny, *(finding.most for finding in over if finding.most is not None)])
    reason = "".join(finding.sentence for finding in over)
    return Judged(claim, item, verdict, None if verdict in UNJUDGED else max(ZERO, allowed), reason, twin)


def _rate(item: Item | None, claim: Claim) -> Iterable[Finding]:
    if item is None or item.rate is None:
        return
    if claim.base_cny is None:
        said = f"没有申报基数（{item.base}），无法按 {percent(item.rate)} 核对，请补上。"
        yield Finding("no_base", None, said)
    elif claim.amount_cny > claim.base_cny * item.rate:
        most = floor_fen(claim.base_cny * item.rate)
        said = f"{item.base} {yuan(claim.base_cny)}的 {percent(item.rate)} 为 {yuan(most)}，本笔超出。"
        yield Finding("over_rate", most, said)


def _pots(ledger: Ledger, item: Item | None, claim: Claim, paid: Mapping[Pot, Decimal]) -> Iterable[Finding]:
    for pot in pots(item, claim):
        before, most = paid.get(pot, ZERO), ceiling(ledger.rules, pot)
        room = max(ZERO, most - before)
        if claim.amount_cny > room:
            rule = ledger.rules.total if pot.item == TOTAL else ledger.rules.item(pot.item)
            window = f"（{pot.window}）" if pot.window else ""
            had = f"此前已付 {yuan(before)}，" if before else ""
            said = f"{rule.name}{window}最多 {yuan(most)}（第{rule.clause}条），{had}本笔最多 {yuan(room)}。"
            yield Finding("over_total" if pot.item == TOTAL else "over_ceiling", room, said)


def _unknown(ledger: Ledger, item: Item | None, claim: Claim) -> Iterable[Finding]:
    if item is None:
        near = nearest(claim.item, (known.name for known in ledger.rules.items))
        hint = f"，最接近的是「{near}」" if near else ""
        yield Finding("unknown_item", None, f"事项「{claim.item}」不在文件的支持事项中{hint}，请核对后更正。")


def _count(ledger: Ledger, item: Item | None, claim: Claim) -> Iterable[Finding]:
    if item is None or item.winners.most is None:
        return
    year, most = year_of(claim), item.winners.most
    if (number := ledger.winners.get((item.id, year), 0)) > most:
        each = "个县市区" if item.per == "county_evaluation" else "家企业"
        said = f"{year}年度已付{number}{each}，文件最多给{most}个，请核对评价结果。"
        yield Finding("over_count", None, said)


def _double(ledger: Ledger, item: Item | None, claim: Claim, twins: Sequence[Claim]) -> Iterable[Finding]:
    if not twins:
        return
    first = twins[0]
    project = f"项目「{first.project}」" if first.project else "没有写项目"
    who = f"（{first.firm or first.uscc}）" if first.uscc != claim.uscc else ""
    said = f"与 {first.paid}「{first.item}」{project}的 {yuan(first.amount_cny)}{who}相同或相近，不得多头重复奖励，请核对。"
    yield Finding("possible_double_claim", _instalment(ledger, item, claim, twins), said)


def _instalment(ledger: Ledger, item: Item | None, claim: Claim, twins: Sequence[Claim]) -> Decimal:
    """What the base still bears where one project is paid in parts under one item; nothing in any other case."""
    if item is None or item.rate is None or any(ledger.item_of(twin) is not item for twin in twins):
        return ZERO
    bases = [each.base_cny for each in (claim, *twins) if each.base_cny is not None]
    if not bases:
        return ZERO
    return floor_fen(max(bases) * item.rate - sum((twin.amount_cny for twin in twins), ZERO))


def _twins(
    ledger: Ledger, item: Item | None, claim: Claim, earlier: Mapping[str, Sequence[Claim]]
) -> list[Claim]:
    """The earlier payments that this one may repeat: same or like firm and project."""
    firms = sorted(ledger.kin.get(claim.uscc, {claim.uscc}))
    return [
        other for firm in firms for other in earlier.get(firm, ()) if _repeats(ledger, item, claim, other)
    ]


def _repeats(ledger: Ledger, item: Item | None, claim: Claim, other: Claim) -> bool:
    same_item = item is not None and ledger.item_of(other) is item
    if same_item and item is not None and item.per in ONCE:
        return True
    if claim.project and other.project:
        return alike(claim.project, other.project, ledger.rules.likeness.project)
    return same_item and _sums(claim) == _sums(other)


def _sums(claim: Claim) -> tuple[str, Decimal, Decimal | None]:
    """What tells two payments without a project apart."""
    return year_of(claim), claim.amount_cny, claim.base_cny


def yuan(amount: Decimal) -> str:
    """A sum to the fen: 「1,234.50 元」."""
    return f"{amount:,.2f} 元"


def percent(rate: Decimal) -> str:
    """A rate as people write it: 「50%」."""
    return f"{(rate * 100).normalize():f}%"
