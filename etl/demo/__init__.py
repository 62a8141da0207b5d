"""Demonstration data: raw files in the real layouts, written from one invented model of about 1,000 firms.

``story`` holds every number that was tuned; ``firms`` and ``trade`` make the model; the others write one kind
of file each; ``faults`` lists the rows that are wrong on purpose. The same bytes come out at every run.
"""

from pathlib import Path

from etl.demo.declarations import write_declarations
from etl.demo.faults import FAULTS, Fault
from etl.demo.firms import build_firms
from etl.demo.ledgers import (
    write_catalogue,
    write_cbec,
    write_events,
    write_parks,
    write_projects,
    write_registry,
    write_targets,
)
from etl.demo.public import CUSTOMS_PUBLIC, write_customs_public
from etl.demo.rebates import write_rebates
from etl.demo.support import write_support
from etl.demo.tables import write_county_tables, write_firm_tables
from etl.demo.trade import build_trade

__all__ = ["CUSTOMS_PUBLIC", "FAULTS", "Fault", "write_demo"]


def write_demo(folder: Path) -> list[Path]:
    """Write all files into ``folder`` (made if missing); give those that load without options.

    The files of CUSTOMS_PUBLIC are written too, in subfolders, but need their direction told.
    """
    folder.mkdir(parents=True, exist_ok=True)
    firms = build_firms()
    flows = build_trade(firms)
    write_customs_public(folder)
    return [
        write_registry(folder, firms),
        *write_firm_tables(folder, firms, flows),
        *write_county_tables(folder, firms, flows),
        *write_declarations(folder, firms, flows),
        write_cbec(folder, firms, flows),
        write_rebates(folder, firms, flows),
        write_parks(folder),
        write_projects(folder),
        write_events(folder),
        write_support(folder, firms),
        write_targets(folder),
        write_catalogue(folder),
    ]
