"""审计: who did what and when, and whether the log is whole; for the auditor."""

from dashboard import shell
from dashboard.desks import audit

with shell.office("audit"):
    audit.show()
