"""Reads a snapshot once, on behalf of a viewer, into the facts of a brief."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from dashboard import needs, store
from dashboard.board import Light
from dashboard.brief.facts import Before, Facts, Firms, Trade
from dashboard.brief.request import Request
from dashboard.needs import Own
from dashboard.notes.book import annotations_for
from dashboard.notes.record import Annotation
from dashboard.parts.estimate import estimated
from dashboard.questions import firms as firm_questions
from dashboard.questions import paid
from dashboard.questions.board import board
from dashboard.questions.cbec import months as cbec_months
from dashboard.questions.measured import history, inputs, own_of_unit
from dashboard.questions.measures import counted
from dashboard.questions.paid import Support
from dashboard.questions.places import rebates
from dashboard.store import Gate
from etl.policy import Policy
from etl.support.rules import load_rules

AMOUNTS = [field.name for field in fields(Trade)]


def gather(
    gate: Gate, policy: Policy, request: Request, made_at: datetime, maker: str, compared: Before | None
) -> Facts:
    """The facts of one brief; made_at (with time zone) also says up to when the annotations are read."""
    lights, unit, period = board(gate), request.unit, request.period
    own = own_of_unit(gate, unit)
    found = {item.id: light for item in policy.indicators if (light := lights.light(item.id, unit, period))}
    return Facts(
        meta=store.meta(gate),
        policy=policy,
        board=lights,
        request=request,
        made_at=made_at.isoformat(timespec="seconds"),
        maker=maker,
        trade=_trade(gate),
        cbec=cbec_months(gate),
        tiers=firm_questions.tiers(gate, unit, period),
        tally=firm_questions.tally(gate, unit, period),
        firms=_firms(gate, request),
        aeo=counted(gate, "aeo_firms", unit, period),
        rebates=rebates(gate, unit, period),
        support=_support(gate, policy, request),
        notes=notes(gate, policy, request, made_at),
        needs={
            id: need.each
            for id, light in found.items()
            if (need := needs.needed(policy, light, own.get(id, {})))
        },
        unit_needs=_unit_needs(gate, policy, request),
        ends=_ends(policy, found, own),
        sources=store.sources(gate),
        waiting=store.quarantined(gate),
        before=compared,
    )


def _trade(gate: Gate) -> Mapping[tuple[str, str], Trade]:
    rows = store.trade(gate).select(AMOUNTS).iter_rows()
    return {(item.unit, item.period): item for item in (Trade(*row) for row in rows)}


def _firms(gate: Gate, request: Request) -> Firms | None:
    """Single firms where the variant names them; Forbidden for who may not see them."""
    if not request.kind.firms:
        return None
    unit, period = request.unit, request.period
    return Firms(
        firm_questions.near_line(gate, unit, period),
        firm_questions.movers(gate, unit, period, "month"),
        firm_questions.passages(gate, unit, period),
    )


def _support(gate: Gate, policy: Policy, request: Request) -> Support:
    since, total = policy.document.issued, load_rules(policy).total
    cap = int(total.ceiling_cny) if total else None
    return paid.support(gate, request.unit, request.period, since, cap, named=request.kind.firms)


def notes(gate: Gate, policy: Policy, request: Request, as_of: datetime) -> tuple[Annotation, ...]:
    """What the task force had written by then of the brief's place and indicator: for the city of all units."""
    unit = "" if request.unit == policy.city.code else request.unit
    data: Path = gate.snapshot.path.parents[1]
    return annotations_for(gate.viewer, request.period, request.indicator, unit, as_of=as_of, data=data)


def _unit_needs(gate: Gate, policy: Policy, request: Request) -> Mapping[str, str]:
    """What each unit's remaining months must bring, of a brief on one indicator."""
    if not request.indicator:
        return {}
    lights, own = board(gate), inputs(gate, request.indicator).own
    found = {
        unit.code: lights.light(request.indicator, unit.code, request.period) for unit in policy.counties
    }
    asked = {code: needs.needed(policy, light, history(own, code)) for code, light in found.items() if light}
    return {code: need.each for code, need in asked.items() if need}


def _ends(policy: Policy, found: Mapping[str, Light], own: Mapping[str, Own]) -> Mapping[str, Light]:
    ends = {id: estimated(policy, light, own.get(id, {})) for id, light in found.items()}
    return {id: light for id, light in ends.items() if light}
