"""企业: tiers, near-line firms, movers, entries and exits, concentration, and one firm's page."""

from dashboard import shell
from dashboard.parts import firms as parts
from dashboard.questions import firms

with shell.page("unit") as ground:
    policy, view, gate = ground.policy, ground.view, ground.gate
    ground.show("near", lambda: parts.near_line(policy, view, firms.near_line(gate, view.unit, view.period)))
