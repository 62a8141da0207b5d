"""What the registry says of a place's firms in one month."""

from dashboard import store
from dashboard.store import Gate

SENIOR = """
    select cast(count(distinct uscc) as integer) from mart_registry
    where aeo = '是' and valid_from <= last_day(cast($2 || '-01' as date))
        and valid_to > last_day(cast($2 || '-01' as date))
        and (unit = $1 or $1 in (select unit from unit where role = 'city'))
"""


def senior_aeo(gate: Gate, unit: str, period: str) -> int:
    """How many firms have AEO 高级认证; the city's code for all units. A number only, for every reader."""
    return int(store.read(gate, SENIOR, unit, period).item())
