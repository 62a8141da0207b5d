"""The board of a snapshot, built once for all pages."""

from dashboard import store
from dashboard.board import Board, build
from dashboard.store import Gate


def board(gate: Gate) -> Board:
    """All lights and ranks of the gate's snapshot."""
    return store.remember(gate, ("board",), lambda: build(store.scoreboard(gate), store.unit_ranks(gate)))
