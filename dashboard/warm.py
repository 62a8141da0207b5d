"""What leaders' pages ask of the newest month, asked once before the server takes anybody in, and of each new snapshot.

Whoever comes first after a start or a load then waits no longer than the next. What libraries and the snapshot's file need in
memory is there from the start, so that an office which watches the machine sees it level off at once.
"""

import threading
import time
from contextlib import suppress
from pathlib import Path

from dashboard import ranking, store
from dashboard.identity import Viewer
from dashboard.questions import firms, market, measures, places, quality, support, whatif
from dashboard.questions.board import board
from dashboard.questions.measured import measured
from dashboard.questions.ranking import standings
from dashboard.store import Gate
from dashboard.trade import trade_history
from etl.errors import UserError
from etl.monitors import load_monitors
from etl.paths import data_folder
from etl.policy import Policy, load_policy
from etl.snapshot import pointed

EVERY = 10.0  # seconds
READER = Viewer("预热", "leader", None)  # asks what leaders may ask, signs in nowhere, and is shown nothing


def warm(data: Path | None = None) -> None:
    """Ask; without a snapshot, or with one that cannot be read, pages say so themselves. data: the data folder."""
    with suppress(UserError):
        gate = store.open_gate(READER, data, stand_in=True)
        if gate:
            _ask(gate, load_policy(), store.meta(gate).latest_period)


def stay_warm(data: Path | None = None) -> None:
    """From now on see to it beside the pages. data: the data folder."""
    threading.Thread(target=_look_after, args=(data_folder(data),), name="warm", daemon=True).start()


def _look_after(folder: Path) -> None:
    known = pointed(folder)
    while True:
        time.sleep(EVERY)
        known = renewed(folder, known)


def renewed(folder: Path, known: str | None) -> str | None:
    """Ask where another snapshot than the known is published; which one is."""
    with suppress(OSError):  # a disk that is away for a while: pages say so
        published = pointed(folder)
        if published != known:
            warm(folder)
        return published
    return known


def _ask(gate: Gate, policy: Policy, period: str) -> None:
    city = policy.city.code
    lights = board(gate)
    for measure in ranking.measures(policy).values():
        standings(gate, lights, policy, measure)
    whatif.facts(gate, policy, lights, period, with_firms=True)
    measured(gate, policy.indicators[0].id)  # reads what the values of all are made of
    store.sources(gate)
    store.quarantined(gate)
    quality.checks(gate, period)
    trade_history(gate, city, period)
    market.market(gate, city, period, "total", "ytd")
    market.industries(gate, city, period, "total", "ytd")
    support.spent(gate, policy, city, period)
    support.firms(gate, policy, city)
    for monitor in load_monitors(policy):
        measures.standing(gate, monitor, city, period)
    for unit in (unit.code for unit in policy.units):
        firms.tiers(gate, unit, period)
        firms.near_line(gate, unit, period)
        places.clusters(gate, unit, period)
        places.rebates(gate, unit, period)
