"""The kinds of files, one module each; ``ALL`` is the registry that everything walks."""

from etl.contracts import Source
from etl.sources import (
    cbec_month,
    county_month,
    county_targets,
    customs_public,
    declarations,
    encouraged_goods,
    events,
    firm_month,
    firms,
    park_projects,
    parks,
    rebates,
    support,
)

ALL: tuple[Source, ...] = (
    county_month.SOURCE,
    firm_month.SOURCE,
    declarations.SOURCE,
    cbec_month.SOURCE,
    firms.SOURCE,
    rebates.SOURCE,
    parks.SOURCE,
    park_projects.SOURCE,
    events.SOURCE,
    support.SOURCE,
    county_targets.SOURCE,
    customs_public.SOURCE,
    encouraged_goods.SOURCE,
)
BY_KIND: dict[str, Source] = {source.kind: source for source in ALL}
