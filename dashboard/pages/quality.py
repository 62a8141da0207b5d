"""数据质量: how fresh the data are, what waits in quarantine, how far sources agree, what was let in and revised."""

from datetime import date

from dashboard import quality, shell, store
from dashboard.questions import quality as asked


def _waiting() -> str:
    sources = store.sources(gate)
    late = quality.outdated(sources, today)
    checks = asked.checks(gate, view.period) if view.period else []
    confirmed = len(asked.confirmed(gate))
    files = asked.faulty_files(gate)
    faults = asked.faults(gate, view.file, quality.MOST_FAULTS) if store.sees_rows(gate) else None
    return (
        quality.sentence(sources, late, store.quarantined(gate), checks, confirmed, len(held))
        + '<div class="tk-quality">'
        + quality.held(held)
        + quality.freshness(sources, late)
        + quality.quarantine(view, files, asked.faults_by_rule(gate))
        + quality.fault_list(view, files, faults)
        + quality.left_aside(asked.left_aside(gate))
        + "</div>"
    )


def _rest() -> str:
    month = view.period
    agreed = quality.reconciliation(policy, asked.checks(gate, month), month) if month else ""
    return (
        '<div class="tk-quality">'
        + agreed
        + quality.confirmations(asked.confirmed(gate))
        + quality.revisions(policy, view, asked.revisions(gate))
        + "</div>"
    )


with shell.page(monthless=True) as ground:
    ground = ground.named("file", (str(item.file_id) for item in asked.faulty_files(ground.gate)))
    gate, policy, view, today = ground.gate, ground.policy, ground.view, date.today()
    held = asked.held(gate)
    ground.show("quality", _waiting, today, held)
    if store.sees_rows(gate) and store.quarantined(gate):
        name = shell.file_name(ground.meta, "更正表") + ".xlsx"
        ground.file("下载更正表", name, lambda: asked.repair_book(gate, policy, view.file))
    ground.show("quality rest", _rest)
