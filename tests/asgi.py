"""A request to an ASGI application without a server: what the tests of the guard share."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

HOST = "127.0.0.1:8501"
HERE = {"host": HOST, "origin": f"http://{HOST}", "accept": "text/html"}


@dataclass(frozen=True)
class Answer:
    """What came back. headers: by lower-case name, the last of each."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def cookie(self) -> str:
        """The cookie that was given, as the browser sends it back."""
        return self.headers.get("set-cookie", "").split(";")[0]


def ask(app: Any, method: str, path: str, headers: dict[str, str] | None = None, **form: str) -> Answer:
    """One HTTP request; form: sent as its body."""
    where, _, query = path.partition("?")
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "path": where, "raw_path": where.encode(),
        "query_string": query.encode(), "scheme": "http", "server": ("127.0.0.1", 8501), "client": ("10.1.2.3", 5),
        "root_path": "", "headers": [(k.encode(), v.encode()) for k, v in {**HERE, **(headers or {})}.items()],
    }  # fmt: skip
    sent = _run(app, scope, {"type": "http.request", "body": urlencode(form).encode(), "more_body": False})
    start = sent[0]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    said = {key.decode().lower(): value.decode() for key, value in start["headers"]}
    return Answer(start["status"], said, body.decode())


def connect(app: Any, headers: dict[str, str]) -> str:
    """A websocket to the stream; the type of the first message that came back."""
    scope = {
        "type": "websocket", "path": "/_stcore/stream", "raw_path": b"/_stcore/stream", "query_string": b"",
        "scheme": "ws", "subprotocols": [], "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }  # fmt: skip
    return str(_run(app, scope, {"type": "websocket.connect"})[0]["type"])


def _run(app: Any, scope: dict[str, Any], message: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return message

    async def send(item: dict[str, Any]) -> None:
        sent.append(item)

    asyncio.run(app(scope, receive, send))
    return sent
