"""数据质量: how fresh the data are, what waits in quarantine, how far sources agree, what was let in and revised."""

from datetime import date

from dashboard import quality, shell, store


def _waiting() -> str:
    sources = store.sources(gate)
    late = quality.outdated(sources, today)
    checks = store.checks(gate, view.period)
    confirmed = len(store.confirmed(gate))
    files = store.faulty_files(gate)
    faults = store.faults(gate, view.file, quality.MOST_FAULTS) if store.sees_rows(gate) else None
    return (
        quality.sentence(sources, late, store.quarantined(gate), checks, confirmed)
        + '<div class="tk-quality">'
        + quality.freshness(sources, late)
        + quality.quarantine(view, files, store.faults_by_rule(gate))
        + quality.fault_list(view, files, faults)
        + "</div>"
    )


def _rest() -> str:
    return (
        '<div class="tk-quality">'
        + quality.reconciliation(policy, store.checks(gate, view.period), view.period)
        + quality.confirmations(store.confirmed(gate))
        + quality.revisions(policy, view, store.revisions(gate))
        + "</div>"
    )


with shell.page() as ground:
    ground = ground.named("file", (str(item.file_id) for item in store.faulty_files(ground.gate)))
    gate, policy, view, today = ground.gate, ground.policy, ground.view, date.today()
    ground.show("quality", _waiting, today)
    if store.sees_rows(gate) and store.quarantined(gate):
        name = shell.file_name(ground.meta, "更正表") + ".xlsx"
        shell.file("下载更正表", name, lambda: store.repair_book(gate, policy, view.file))
    ground.show("quality rest", _rest)
