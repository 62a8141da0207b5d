"""What whoever sits at the machine does by the command line stands in the audit log."""

import getpass
from pathlib import Path

from dashboard.access import audit

OPERATOR = "命令行"  # the role that the audit log gives to who sits at the machine


def operated(data: Path, action: str, detail: dict[str, str]) -> None:
    """Log what was done at the command line, under the machine's own name of who did it."""
    audit.record(data, audit.Entry(action, getpass.getuser(), OPERATOR, detail))
