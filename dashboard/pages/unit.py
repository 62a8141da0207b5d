"""县市区: one unit's place, lights, gaps with what they take, others beside it, trade, firms, parks and rebates."""

from dashboard import compare, shell, widgets
from dashboard.board import Light, lights_of
from dashboard.html import stacked
from dashboard.notes import beside
from dashboard.notes.record import ALL
from dashboard.parts import compare as compared
from dashboard.parts import estimate, firms, places, trends
from dashboard.parts import needs as gaps
from dashboard.questions import firms as ask_firms
from dashboard.questions import places as ask
from dashboard.questions.measured import history, inputs
from dashboard.trade import trade_history, trade_row, trade_rows


def _board(ground: shell.Ground, lights: list[Light]) -> str:
    board, policy, view = ground.board, ground.policy, ground.view
    trade = trade_row(ground.gate, view.unit, view.period)
    total = widgets.totals(trade, view.period, f"{policy.unit(view.unit).short}进出口")
    found = {light.indicator: inputs(ground.gate, light.indicator) for light in lights if light.tone}
    return (
        gaps.sentence(board, policy, view, lights, found)
        + widgets.cards(board, policy, view, lights, ground.stale, total)
        + f'<div class="tk-gap">{gaps.section(board, policy, view, lights, found)}</div>'
    )


def _places(ground: shell.Ground, lights: list[Light]) -> str:
    gate, policy, view = ground.gate, ground.policy, ground.view
    asked = gate, view.unit, view.period
    near = firms.allowed("近线企业", lambda: firms.near_line(policy, view, ask_firms.near_line(*asked)))
    parks = ask.parks(*asked, places.parameter(policy, "park_projects", "amount_min_usd"))
    months = trade_history(*asked)
    ended = estimate.of_unit(policy, lights, lambda item: history(inputs(gate, item).own, view.unit), months)
    has = places.clusters(policy, ask.clusters(*asked)) + places.parks(policy, parks)
    return places.columns(near + ended, has + places.rebates(ask.rebates(*asked)))


@shell.in_place
def _page() -> None:
    with shell.page("unit") as ground:
        units = [unit.code for unit in ground.policy.counties]
        ground = ground.listed("beside", (*units, compare.SIMILAR), compare.MOST)
        board, policy, view, gate = ground.board, ground.policy, ground.view, ground.gate
        notes = ground.notes(unit=view.unit)

        def draw() -> str:
            lights = lights_of(board, policy, view.unit, view.period)
            trade = trade_rows(gate, (policy.city.code, view.unit, *units), view.period)
            others = compared.section(board, policy, view, trade)
            months = trade_history(gate, view.unit, view.period)
            curves = trends.pair(board, policy, view, lights, months, notes)
            said = (others, curves, beside.draw(ground, ALL, notes))
            return stacked(_board(ground, lights), *said, _places(ground, lights))

        ground.show("unit", draw, *beside.key(ground, notes))


_page()
