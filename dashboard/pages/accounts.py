"""账户: who may sign in, in which role; for the administrator."""

from dashboard import shell
from dashboard.desks import accounts

with shell.office("accounts"):
    accounts.show()
