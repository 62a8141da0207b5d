"""The session cookie: its name and what the browser may do with it."""

from collections.abc import Iterable

from starlette.requests import cookie_parser
from streamlit import config

Headers = Iterable[tuple[bytes, bytes]]


def name() -> str:
    """What it is called: the port tells two dashboards on one machine apart, for cookies do not."""
    return f"trade_kpi_{config.get_option('server.port')}"


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
