"""Each payment judged against its item's rate and ceiling, the period, the cap over all items and double claims. Pure.

What was paid draws on a ceiling, whether it should have been paid or not, until a correction takes it back:
so no payment can raise what is left, and the sums that would be allowed never pass any ceiling.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import get_args

from etl.support.claims import (
    BY_YEAR,
    ONCE,
    TOTAL,
    Claim,
    Ledger,
    Pot,
    Verdict,
    ceiling,
    draw,
    floor_fen,
    in_order,
    pots,
    rule_of,
    settle,
    year_of,
)
from etl.support.names import alike, is_named, nearest
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
    for _, of_day in groupby(in_order(ledger, claims), key=lambda claim: claim.paid):
        drawn = set[Pot]()
        for claim in of_day:
            judged.append(_judge(ledger, claim, paid, earlier))
            if ledger.counts(claim):
                drawn.update(draw(ledger, paid, claim))
                earlier[claim.uscc].append(claim)
        settle(paid, drawn)
    return tuple(judged)


def _judge(
    ledger: Ledger, claim: Claim, paid: Mapping[Pot, Decimal], earlier: Mapping[str, Sequence[Claim]]
) -> Judged:
    item = ledger.item_of(claim)
    if claim.amount_cny <= 0:
        said = "退回的资金，已从已付数中减去。" if ledger.counts(claim) else "文件施行前退回的资金，不计入。"
        said = said if claim.amount_cny else "金额为零，视为已撤销。"
        return Judged(claim, item, "ok", claim.amount_cny, said, None)
    if not ledger.issued <= claim.paid <= ledger.valid_to:
        span = f"{ledger.issued} 至 {ledger.valid_to}"
        said = f"拨付日期 {claim.paid} 不在文件有效期（{span}）内，不能按本文件支付。"
        return Judged(claim, item, "outside_period", ZERO, said, None)
    twins = _twins(ledger, item, claim, earlier)
    had = sum((twin.amount_cny for twin in twins), ZERO)
    before = [twin for twin in twins if twin.amount_cny > 0] if had > 0 else []
    found = [*_rate(item, claim), *_pots(ledger, item, claim, paid), *_unknown(ledger, item, claim)]
    found += [*_count(ledger, item, claim), *_double(ledger, item, claim, before, had)]
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
    for pot in pots(ledger.rules, item, claim):
        before, most = paid.get(pot, ZERO), ceiling(ledger.rules, pot)
        room = min(most, max(ZERO, most - before))
        if claim.amount_cny > room:
            rule = rule_of(ledger.rules, pot)
            window = f"（{pot.window}）" if pot.window else ""
            had = f"此前已付 {yuan(before)}，" if before > 0 else ""
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
        said = f"{year}年度已付{number}{each}，文件最多给{most}{each[0]}，请核对评价结果。"
        yield Finding("over_count", None, said)


def _double(
    ledger: Ledger, item: Item | None, claim: Claim, twins: Sequence[Claim], had: Decimal
) -> Iterable[Finding]:
    """had: what the payee has of these payments, less what came back."""
    if not twins:
        return
    said = f"{_like(ledger, item, claim, twins[0])}，不得多头重复奖励，请核对。"
    yield Finding("possible_double_claim", _instalment(ledger, item, claim, twins, had), said)


def _like(ledger: Ledger, item: Item | None, claim: Claim, twin: Claim) -> str:
    """Which payment it repeats. A firm of another unit is not named: who reads this may see the own one's alone."""
    if twin.unit != claim.unit:
        return f"与 {twin.paid} 在另一县市区的一笔拨付相同或相近"
    who = f"给{twin.firm or twin.uscc}" if twin.uscc != claim.uscc else ""
    if item is not None and item.per in ONCE and ledger.item_of(twin) is item:
        return f"该事项为一次性奖励，此前已于 {twin.paid} {who}支付 {yuan(twin.amount_cny)}"
    project = f"项目「{twin.project}」" if twin.project else "没有写项目"
    return f"与 {twin.paid} {who}「{twin.item}」{project}的 {yuan(twin.amount_cny)}相同或相近"


def _instalment(
    ledger: Ledger, item: Item | None, claim: Claim, twins: Sequence[Claim], had: Decimal
) -> Decimal:
    """What base and ceiling still bear where one project is paid in parts under one item; nothing in any other case.

    The parts may draw on two pots: of a vehicle or firm that is written in two ways.
    """
    if item is None or item.rate is None or any(ledger.item_of(twin) is not item for twin in twins):
        return ZERO
    bases = [each.base_cny for each in (claim, *twins) if each.base_cny is not None]
    if not bases:
        return ZERO
    share = floor_fen(max(bases) * item.rate)
    return (share if item.ceiling_cny is None else min(share, item.ceiling_cny)) - had


def _twins(
    ledger: Ledger, item: Item | None, claim: Claim, earlier: Mapping[str, Sequence[Claim]]
) -> list[Claim]:
    """The earlier payments that this one may repeat, and what of them came back: same or like firm and project."""
    firms = sorted(ledger.kin.get(claim.uscc, {claim.uscc}))
    return [
        other for firm in firms for other in earlier.get(firm, ()) if _repeats(ledger, item, claim, other)
    ]


def _repeats(ledger: Ledger, item: Item | None, claim: Claim, other: Claim) -> bool:
    same_item = item is not None and ledger.item_of(other) is item
    if same_item and item is not None and item.per in ONCE:
        return True
    same_year = year_of(claim) == year_of(other)
    if same_item and item is not None and item.per in BY_YEAR and not same_year:
        return False  # it may be had again each year
    if is_named(claim.project) and is_named(other.project):
        return alike(claim.project, other.project, ledger.rules.likeness.project)
    return same_item and same_year and _same_sum(claim, other)


def _same_sum(claim: Claim, other: Claim) -> bool:
    """Whether two payments without a project cannot be told apart: of one base, or of one amount where that is not known."""
    if claim.base_cny is not None and other.base_cny is not None:
        return claim.base_cny == other.base_cny
    return claim.amount_cny == abs(other.amount_cny)


def yuan(amount: Decimal) -> str:
    """A sum to the fen: 「1,234.50 元」."""
    return f"{amount:,.2f} 元"


def percent(rate: Decimal) -> str:
    """A rate as people write it: 「50%」."""
    return f"{(rate * 100).normalize():f}%"
