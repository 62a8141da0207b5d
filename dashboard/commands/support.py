"""trade-kpi support and eligible: how the payments stand against the document, and who has not claimed."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.markup import escape

from dashboard import console, format, store, words
from dashboard.commands.options import AsJson, Data, Place, unit_code
from dashboard.commands.published import gate_of
from dashboard.questions import support as asked
from dashboard.questions.until import until
from dashboard.store import Gate
from etl.paths import data_folder
from etl.policy import Policy, load_policy


def support(unit: Place = None, as_json: AsJson = False, data: Data = None) -> None:
    """核对每笔市级支持资金：比例、上限、有效期、百万元总额、重复申报，以及允许的金额。"""
    policy, gate, place = _stand(unit, data)
    meta = store.meta(gate)
    found = asked.payments(gate, policy, place, meta.latest_period)
    day = until(gate, meta.latest_period)
    left = asked.standing(gate, policy, place, meta.latest_period)
    few = asked.too_few(gate, policy, meta.latest_period) if place == policy.city.code else ()
    if as_json:
        totals = Counter(item.verdict for item in found)
        rows = [_plain(item) for item in found]
        _print_json(
            gate,
            {
                "unit": place,
                "until": day,
                "verdicts": totals,
                "payments": rows,
                "left": [_plain(item) for item in left],
                "too_few": [
                    {"item_id": one.item.id, "year": one.year, "winners": one.winners} for one in few
                ],
            },
        )
        return
    paid = sum((item.amount_cny for item in found), Decimal(0))
    faulty = [item for item in found if item.verdict != "ok"]
    console.out.print(
        f"截至{format.date(day)}，{policy.unit(place).name}：{len(found)} 笔，{format.money(paid)}；需处理 {len(faulty)} 笔"
    )
    for item in faulty:
        tone, shape, word = words.VERDICTS[item.verdict]
        who = f"{item.paid} {item.firm or item.uscc} {item.item} {yuan(item.amount_cny)} 元"
        where = " ".join(part for part in (item.file, item.sheet, f"第{item.row}行") if part)
        console.out.print(f"[{console.COLOURS[tone]}]{shape} {word}[/]　{escape(who)}")
        most = "暂不能判定" if item.allowed_cny is None else f"允许 {yuan(item.allowed_cny)} 元"
        twin = f"；另一笔在 {item.twin}" if item.twin else ""
        console.out.print(escape(f"    {most}：{item.reason}（{where}{twin}）"))
    for one in few:
        console.out.print(escape(f"○ {words.few_winners(one.item, one.year, one.winners)}"))


def eligible(unit: Place = None, as_json: AsJson = False, data: Data = None) -> None:
    """按已加载的数据，哪些企业和项目很可能符合支持事项却还没有申报。"""
    policy, gate, place = _stand(unit, data)
    found = asked.candidates(gate, policy, place)
    if as_json:
        _print_json(gate, {"unit": place, "candidates": [_plain(item) for item in found]})
        return
    for item in asked.rules(policy).items:
        these = [one for one in found if one.item_id == item.id]
        if these:
            console.out.print(f"[bold]{escape(item.name)}[/bold]（第{item.clause}条）　{len(these)} 个")
        for one in these:
            left = f"，最多还可 {yuan(one.left_cny)} 元" if one.left_cny is not None else ""
            ask = f"，待核：{one.ask}" if one.ask else ""
            place_name = policy.unit(one.unit).short
            console.out.print(escape(f"  {one.name} {one.uscc}（{place_name}）{one.because}{left}{ask}"))
    if not found:
        console.out.print("没有发现符合条件而未申报的。")
    if others := words.unscreened(asked.rules(policy)):
        console.out.print(escape(others))


def yuan(amount: Decimal) -> str:
    """A sum to the fen."""
    return f"{amount:,.2f}"


def _stand(unit: str | None, data: Path | None) -> tuple[Policy, Gate, str]:
    policy = load_policy()
    gate = gate_of(data_folder(data))
    return policy, gate, unit_code(policy, unit) if unit else policy.city.code


def _plain(record: Any) -> dict[str, Any]:
    """A record for JSON: sums as strings of yuan, exact."""
    return {
        name: value if isinstance(value, int | None) else str(value) for name, value in vars(record).items()
    }


def _print_json(gate: Gate, body: dict[str, Any]) -> None:
    meta = store.meta(gate)
    head = {"snapshot": meta.snapshot, "demo": meta.demo, "period": meta.latest_period}
    print(json.dumps({**head, **body}, ensure_ascii=False, indent=1))
