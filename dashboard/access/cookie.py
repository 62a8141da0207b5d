"""The session cookie: its name and what the browser may do with it."""

import hashlib
import os
from collections.abc import Iterable

from starlette.requests import cookie_parser

from dashboard.access.vault import access_folder
from etl.paths import data_folder

Headers = Iterable[tuple[bytes, bytes]]


def name() -> str:
    """What it is called: the folder of the accounts tells two dashboards on one machine apart, for cookies do not.

    Several servers of one dashboard call it alike, so that a session holds at each of them.
    """
    folder = os.path.abspath(access_folder(data_folder()))
    return f"trade_kpi_{hashlib.sha256(folder.encode()).hexdigest()[:8]}"


def token(headers: Headers) -> str:
    """The token that came with a request; empty where none did."""
    sent = "; ".join(value.decode("latin-1") for key, value in headers if key == b"cookie")
    return cookie_parser(sent).get(name(), "")


def given(value: str, secure: bool) -> str:
    """The header that hands a token to the browser, for as long as it is open and for this site alone."""
    return f"{name()}={value}; Path=/; HttpOnly; SameSite=Strict{'; Secure' * secure}"


def taken(secure: bool) -> str:
    """The header that takes it away."""
    return f"{given('', secure)}; Max-Age=0"
