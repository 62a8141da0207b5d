"""The board of a snapshot, built once for all pages."""

from dashboard import store
from dashboard.board import QUOTIENTS, Board, build
from dashboard.questions.measured import measured
from dashboard.store import Gate
from etl.policy import load_policy
from etl.spans import OWN, Ratios


def board(gate: Gate) -> Board:
    """All lights and ranks of the gate's snapshot."""
    return store.remember(gate, ("board",), lambda: _board(gate))


def _board(gate: Gate) -> Board:
    return build(store.scoreboard(gate), store.unit_ranks(gate), _ratios(gate))


def _ratios(gate: Gate) -> dict[str, Ratios]:
    """The exact amounts of the indicators whose gap is made up of amounts, on the basis that is judged."""
    wanted = (item.id for item in load_policy().indicators if item.city.kind in QUOTIENTS)
    return {indicator: measured(gate, indicator)[OWN] for indicator in wanted}
