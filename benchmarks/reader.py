"""One reader of the dashboard: Streamlit's own protocol as the browser speaks it, without a browser.

Signs in through the login page, opens the websocket with its cookies, and sends what a browser sends for an address
that is opened, a page of the menu, a choice and a click on a link of a canvas. What comes back is kept as a browser
keeps it: widgets by their id, large messages by their hash.
"""

import asyncio
import http.client
import json
import re
import time
from dataclasses import dataclass, field
from html import unescape
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg, DeferredFileRequestPayload
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Selectbox_pb2 import Selectbox
from streamlit.proto.WidgetStates_pb2 import WidgetState

XSRF = "_streamlit_xsrf"
TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{id}__events"
LINK = re.compile(r'<a data-go href="([^"]+)"')
LONGEST = 60  # seconds that a run may take before it counts as lost


class Lost(Exception):
    """No sign-in, no connection, or no answer."""


@dataclass(frozen=True)
class Run:
    """What one click brought, and how long it took to the end of the script.

    html: of each canvas by its key; files: by the key of their button, what the server calls files to take along, which are
    made when they are asked for; received: all that came, as it came.
    """

    seconds: float
    html: dict[str, str]
    files: dict[str, str]
    errors: tuple[str, ...]
    received: bytes

    @property
    def links(self) -> list[tuple[str, str]]:
        """The links that may be clicked: the key of their canvas, and where they lead."""
        return [(key, unescape(to)) for key, said in self.html.items() for to in LINK.findall(said)]


@dataclass
class _Shown:
    """What a run under way has shown so far."""

    html: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    widgets: set[str] = field(default_factory=set)
    received: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class _Widget:
    """A widget on the page. fragment: the id of the part that it runs alone, or empty. box: where it is a chooser."""

    id: str
    fragment: str
    box: Selectbox | None = None


class Reader:
    """A browser's tab on a dashboard, from ``async with`` to its end. ``open`` comes first."""

    def __init__(self, address: str, cookies: dict[str, str]) -> None:
        self.address = address
        self.cookies = cookies
        self.pages: dict[str, str] = {}  # of the menu: the hash of each by its path
        self.query = ""
        self._page = self._session = ""
        self._widgets: dict[str, _Widget] = {}  # by the key that the page gave it
        self._states: dict[str, str] = {}  # of choosers, by their id
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}
        self._age, self._runs = 2, 0

    async def __aenter__(self) -> Self:
        token = self.cookies.setdefault(XSRF, await asyncio.to_thread(_xsrf, self.address, self.cookies))
        self._socket = await websockets.connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            origin=websockets.Origin(self.address),
            subprotocols=[websockets.Subprotocol(word) for word in ("streamlit", token)],
            additional_headers={"Cookie": _sent(self.cookies)},
            max_size=None,
            compression=None,
            proxy=None,
            open_timeout=LONGEST,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()

    def choosers(self) -> dict[str, list[str]]:
        """The choosers on the page by their key, each with its options."""
        return {key: list(item.box.options) for key, item in self._widgets.items() if item.box}

    async def open(self, page: str = "", **query: str) -> Run:
        """The address of a page, as it is typed."""
        self.query = urlencode(query)
        return await self._run(ClientState(page_name=page))

    async def menu(self, page: str) -> Run:
        """A page of the menu, by its path."""
        self.query = ""
        return await self._run(ClientState(page_script_hash=self.pages[page]))

    async def pick(self, key: str, option: str) -> Run:
        """Another option of a chooser."""
        widget = self._widgets[key]
        self._states[widget.id] = option
        return await self._run(ClientState(page_script_hash=self._page, fragment_id=widget.fragment))

    async def follow(self, key: str, address: str) -> Run:
        """A plain click on a link of the canvas of that key."""
        widget = self._widgets[key]
        state = ClientState(page_script_hash=self._page, fragment_id=widget.fragment)
        clicked = json.dumps([{"event": "go", "value": address}])
        state.widget_states.widgets.append(
            WidgetState(id=TRIGGER.format(id=widget.id), json_trigger_value=clicked)
        )
        return await self._run(state)

    async def take(self, file: str) -> tuple[str, bytes]:
        """A file that the page offers, as the run calls it: its address, and its bytes."""
        wanted = BackendOperationRequest(
            request_id=file,
            session_id=self._session,
            deferred_file=DeferredFileRequestPayload(file_id=file),
        )
        await self._socket.send(BackMsg(backend_operation_request=wanted).SerializeToString())
        async with asyncio.timeout(LONGEST):
            while True:
                received = await self._socket.recv()
                assert isinstance(received, bytes)
                answer = ForwardMsg.FromString(received).backend_operation_response
                if answer.request_id == file:
                    break
        if answer.error_msg:
            raise Lost(answer.error_msg)
        status, content = await asyncio.to_thread(got, self.address, answer.deferred_file.url, self.cookies)
        if status != 200:
            raise Lost(f"{answer.deferred_file.url}: {status}")
        return answer.deferred_file.url, content

    async def _run(self, state: ClientState) -> Run:
        """Send, and take in what comes until the script has finished."""
        state.query_string = self.query
        state.cached_message_hashes.extend(self._kept)
        for id, value in self._states.items():
            state.widget_states.widgets.append(WidgetState(id=id, string_value=value))
        shown, began = _Shown(), time.perf_counter()
        try:
            await self._socket.send(BackMsg(rerun_script=state).SerializeToString())
            async with asyncio.timeout(LONGEST):
                while not self._take(await self._socket.recv(), shown):
                    pass
        except (websockets.WebSocketException, TimeoutError, OSError) as error:
            raise Lost(f"{type(error).__name__}: {error}") from error
        seconds = time.perf_counter() - began
        return Run(seconds, shown.html, shown.files, tuple(shown.errors), b"".join(shown.received))

    def _take(self, received: str | bytes, shown: _Shown) -> bool:
        """Take in one message; whether it says that all is done."""
        assert isinstance(received, bytes)
        shown.received.append(received)
        message = ForwardMsg.FromString(received)
        if message.WhichOneof("type") == "ref_hash":
            if message.ref_hash not in self._kept:
                shown.errors.append("the server refers to a message that was never sent")
                return False
            message = self._kept[message.ref_hash][1]
        elif message.metadata.cacheable:
            self._kept[message.hash] = (self._runs, message)
        match message.WhichOneof("type"):
            case "new_session":
                self._page = message.new_session.page_script_hash
                self._session = message.new_session.initialize.session_id
                self._age = message.new_session.config.max_cached_message_age
                # what a run drew before it gave way to another page is gone
                shown.html, shown.files, shown.widgets = {}, {}, set()
            case "navigation":
                self.pages = {
                    page.url_pathname: page.page_script_hash
                    for page in message.navigation.app_pages
                    if not page.is_hidden
                }
                self._page = message.navigation.page_script_hash or self._page
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "delta":
                self._draw(message.delta, shown)
            case "script_finished":
                return self._finished(message.script_finished, shown)
        return False

    def _draw(self, delta: Delta, shown: _Shown) -> None:
        element: Element = delta.new_element
        match element.WhichOneof("type"):
            case "bidi_component":
                found = element.bidi_component
                key = _key(found.id)
                self._widgets[key] = _Widget(found.id, delta.fragment_id)
                shown.html[key] = json.loads(found.json or "{}").get("html", "")
                shown.widgets.add(key)
            case "selectbox":
                box = element.selectbox
                key = _key(box.id)
                self._widgets[key] = _Widget(box.id, delta.fragment_id, box)
                if box.set_value:
                    self._states[box.id] = box.raw_value
                elif box.options:
                    self._states.setdefault(box.id, box.options[box.default])
                shown.widgets.add(key)
            case "download_button":
                shown.files[_key(element.download_button.id)] = element.download_button.deferred_file_id
            case "exception":
                shown.errors.append(f"{element.exception.type}: {element.exception.message}")

    def _finished(self, status: ForwardMsg.ScriptFinishedStatus.ValueType, shown: _Shown) -> bool:
        """Whether the last of the runs that one click takes is over; what has left the page is forgotten."""
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return False
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            shown.errors.append("the script does not compile")
        self._runs += 1
        if status == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._widgets = {key: item for key, item in self._widgets.items() if key in shown.widgets}
            ids = {item.id for item in self._widgets.values()}
            self._states = {id: value for id, value in self._states.items() if id in ids}
            self._kept = {key: item for key, item in self._kept.items() if self._runs - item[0] <= self._age}
        return True


def got(address: str, path: str, cookies: dict[str, str]) -> tuple[int, bytes]:
    """Status and bytes of what is asked for."""
    answer, content = _asked(address, "GET", path, {"Cookie": _sent(cookies)})
    return answer.status, content


def signed_out(address: str, cookies: dict[str, str]) -> None:
    """The end of that session."""
    _asked(address, "POST", "/logout", {"Cookie": _sent(cookies), "Origin": address})


def signed_in(address: str, name: str, password: str) -> dict[str, str]:
    """The cookies of who signs in through the login page; Lost where the door stays shut."""
    form = urlencode({"name": name, "password": password, "next": "/"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": address}
    answer = _asked(address, "POST", "/login", headers, form)[0]
    if answer.status != 303:
        raise Lost(f"sign-in of {name}: {answer.status}")
    return _given(answer)


def _xsrf(address: str, cookies: dict[str, str]) -> str:
    return _given(_asked(address, "GET", "/_stcore/health", {"Cookie": _sent(cookies)})[0])[XSRF]


def _asked(
    address: str, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=LONGEST)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise Lost(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()


def _given(answer: http.client.HTTPResponse) -> dict[str, str]:
    """The cookies that an answer sets."""
    said = [value.split(";")[0].partition("=") for value in answer.headers.get_all("set-cookie", [])]
    return {name: value.strip('"') for name, _, value in said}


def _sent(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _key(id: str) -> str:
    """The key that a page gave a widget, out of its id: ``$$ID-<hash>-<key>``."""
    return id.split("-", 2)[-1]
