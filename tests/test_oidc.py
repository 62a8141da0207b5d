"""Single sign-on from end to end: the real server, Streamlit's own routes and Authlib, a provider on loopback."""

import re
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest

pytest.importorskip("authlib", reason="the extra oidc is not installed")
pytest.importorskip("httpx", reason="the extra oidc is not installed")

from provider import CLIENT, SECRET, Provider, provider

from benchmarks.served import serving
from dashboard.access import accounts, audit, sessions
from dashboard.identity import ROLES

SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "drawn at random for this test alone"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{address}/.well-known/openid-configuration"
"""


@dataclass
class Browser:
    """What a browser keeps: the cookies of the dashboard. It follows no redirect by itself."""

    cookies: dict[str, str]

    def get(self, address: str) -> tuple[int, str, str]:
        """Status, where it leads, and text."""
        where = urlsplit(address)
        assert where.hostname == "127.0.0.1"
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPConnection(where.netloc, timeout=60)
        path = f"{where.path}?{where.query}" if where.query else where.path
        connection.request("GET", path, headers={"Cookie": kept, "Accept": "text/html"})
        answer = connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, item in SimpleCookie(line).items():
                if item["max-age"] == "0" or item.value in ("", "null"):
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = item.value
        connection.close()
        return answer.status, answer.headers.get("Location", ""), text


@dataclass
class Place:
    server: str
    provider: Provider


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oidc")
    with provider() as one:
        told = folder / "secrets.toml"
        told.write_text(SECRETS.format(client=CLIENT, secret=SECRET, address=one.address), encoding="utf-8")
        with serving(folder / "data", "--secrets.files", str(told), access=folder / "access") as server:
            yield folder, Place(server, one)


@pytest.fixture
def there(place, monkeypatch):
    """The server and its provider, and the accounts as this process sees them."""
    folder, found = place
    monkeypatch.setenv("TRADE_KPI_ACCESS", str(folder / "access"))
    found.provider.forged = False
    if accounts.find(folder / "data", "外部") is None:
        accounts.add(folder / "data", "外部", "leader", None, None)
    return folder / "data", found


def began(place: Place, browser: Browser) -> str:
    """Where the provider sends the browser back to, after the button of the login page."""
    page = browser.get(f"{place.server}/login")[2]
    button = re.search(r'<a class="other" href="([^"]+)"', page)
    assert button
    to = unescape(button[1])
    while to.startswith("/"):
        status, to, _ = browser.get(place.server + to)
        assert status in (302, 303)
    assert to.startswith(f"{place.provider.address}/authorize?")
    return browser.get(to)[1]


def entered(data, browser: Browser) -> str:
    """Whose session the browser holds; empty for nobody's."""
    held = (sessions.session(data, sessions.key_of(value)) for value in browser.cookies.values())
    return next((found.account.name for found in held if found), "")


def test_who_the_provider_names_gets_a_session_of_ours_and_nothing_of_streamlits(there):
    data, place = there
    place.provider.claims = {"preferred_username": "外部"}
    browser = Browser({})
    back = began(place, browser)
    assert back.startswith(f"{place.server}/oauth2callback?code=") and not entered(data, browser)
    status, to, _ = browser.get(back)
    assert (status, to, entered(data, browser)) == (302, "/", "外部")
    assert not any(name.startswith("_streamlit_user") for name in browser.cookies)
    assert browser.get(f"{place.server}/session")[0] == 204
    assert browser.get(f"{place.server}/")[0] == 200
    assert (audit.entries(data, 1)[0].action, audit.entries(data, 1)[0].name) == ("登录", "外部")
    again = Browser({})
    assert again.get(back)[1] in ("/", "/login") and not entered(
        data, again
    )  # a code works once and for one browser


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "没有这个人"},
        {"preferred_username": ROLES["admin"]},  # who has a password here comes in by it alone
        {"email": "外部"},
        {"email": "外部", "email_verified": False},
        {},
    ],
)
def test_whom_nobody_made_an_account_for_stays_out(there, claims):
    data, place = there
    place.provider.claims = claims
    browser = Browser({})
    status, to, _ = browser.get(began(place, browser))
    assert (status, to, entered(data, browser)) == (302, "/login", "")
    assert not any(name.startswith("_streamlit_user") for name in browser.cookies)
    assert browser.get(f"{place.server}/session")[0] == 200
    assert audit.entries(data, 1)[0].action == "登录失败"


def test_a_token_that_the_provider_did_not_sign_names_nobody(there):
    data, place = there
    place.provider.claims, place.provider.forged = {"preferred_username": "外部"}, True
    browser = Browser({})
    browser.get(began(place, browser))
    assert entered(data, browser) == ""


def test_another_browsers_callback_and_another_state_open_nothing(there):
    data, place = there
    place.provider.claims = {"preferred_username": "外部"}
    browser, victim = Browser({}), Browser({})
    back = began(place, browser)
    began(place, victim)
    victim.get(back)  # a code of mine in somebody else's browser
    assert entered(data, victim) == ""
    browser.get(re.sub("state=[^&]+", "state=other", back))
    assert entered(data, browser) == ""
