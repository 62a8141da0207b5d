"""指标: one indicator at one place: trend, ranking, map, what moved it, where the year ends, words, source rows."""

from dashboard import shell, spans
from dashboard.notes import beside
from dashboard.parts import indicator as parts
from dashboard.parts import lineage, series
from dashboard.questions.lineage import taken, trace
from dashboard.questions.measured import history, inputs, measured


@shell.in_place
def _page() -> None:
    with shell.page("unit", "indicator") as ground:
        found = measured(ground.gate, ground.view.indicator)
        ground = ground.named("span", offered := spans.offered(found)).named("trace", ("rows",))
        gate, view = ground.gate, ground.view
        seen = spans.shown(gate, ground.board, ground.policy, view, found)
        indicator = seen.policy.indicator(view.indicator)
        asked = (view.indicator, view.unit, view.period)
        notes = ground.notes(*asked[:2])

        def draw() -> str:
            rows = trace(gate, indicator, view.unit, view.period) if view.trace else None
            own = history(inputs(gate, view.indicator).own, view.unit)
            look = parts.Look(
                ground.board, ground.policy, view, seen, offered, own, found, notes, rows, ground.stale
            )
            return parts.page(look, beside.draw(ground, view.indicator, notes))

        ground.show("indicator", draw, *beside.key(ground, notes))
        if view.trace:
            name = f"{seen.policy.unit(view.unit).short}{indicator.name}"
            file = shell.file_name(ground.meta, "来源行", name, view.period) + ".xlsx"
            ground.file(
                "下载来源行", file, lambda: lineage.book(taken(gate, indicator, view.unit, view.period))
            )
        file = shell.file_name(ground.meta, "指标", indicator.name, indicator.basis, view.period)
        ground.downloads(
            file, series.HEADER, lambda: series.rows(seen.board, seen.policy, *asked[::2], ground.meta)
        )


_page()
