"""What a run of a page changes leaves together, in one packet.

Streamlit hands a browser every five milliseconds what a run has said so far, each message in a packet of its own, and the
browser draws for every few of them anew. Most runs take less than a blink: their page stands a quarter sooner when all of it
comes at once and is drawn once.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, cast

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance, websocket_session_manager
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.session_manager import SessionClientDisconnectedError
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MADE = WebSocketsSansIOProtocol.connection_made
HELD = 0.1  # seconds that messages wait for the end of their run; a longer one is seen as it goes on


class Together(AppSession):
    """A browser's session whose messages wait for the end of the run under way, though not long.

    Streamlit drops from its queue what a newer run has made stale, so that what waits may also never need to leave.
    """

    def __init__(self, *given: Any, message_enqueued_callback: Callable[[], None], **named: Any) -> None:
        self._call, self._loop = message_enqueued_callback, asyncio.get_running_loop()
        self._waits_since: float | None = None  # of the first message that waits, on the monotonic clock
        named["message_enqueued_callback"] = self._enqueued
        super().__init__(*given, **named)

    def flush_browser_queue(self) -> list[ForwardMsg]:
        """Send what may leave now, and return of it what Streamlit must send itself: the end of a run, which it counts.

        Between two messages Streamlit lets all else have its turn, which takes five milliseconds where a script is busy.
        """
        if self._waits():
            return []
        self._waits_since = None
        leaving, client = super().flush_browser_queue(), get_instance().get_client(self.id)
        for at, message in enumerate(leaving):
            if client is None or message.HasField("script_finished"):
                return leaving[at:]
            try:
                client.write_forward_msg(message)
            except SessionClientDisconnectedError:
                return leaving[at:]  # Streamlit finds that out too, and ends the session
        return []

    def _enqueued(self) -> None:
        """Call for the messages to be sent, unless they wait: then it is done when their time is up."""
        if self._runs() and self._waits_since is None:
            self._waits_since = time.monotonic()
            self._loop.call_soon_threadsafe(self._loop.call_later, HELD, self._call)
        if not self._waits():
            self._call()

    def _runs(self) -> bool:
        return self._state == AppSessionState.APP_IS_RUNNING

    def _waits(self) -> bool:
        since = self._waits_since
        return since is not None and self._runs() and time.monotonic() - since < HELD


class Joined:
    """A connection that sends in one packet what is written to it within one turn of the event loop."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._written: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send it with what else is written in this turn."""
        if not self._written:
            asyncio.get_running_loop().call_soon(self._send)
        self._written.append(data)

    def close(self) -> None:
        """Send what is written, and close."""
        self._send()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _send(self) -> None:
        data, self._written = b"".join(self._written), []
        if data:
            self._transport.write(data)


def _joined(protocol: WebSocketsSansIOProtocol, transport: asyncio.BaseTransport) -> None:
    MADE(protocol, cast(asyncio.Transport, Joined(cast(asyncio.Transport, transport))))


def begin() -> None:
    """See to it for all browsers that come from now on."""
    setattr(websocket_session_manager, "AppSession", Together)  # noqa: B010  no public way leads there
    setattr(WebSocketsSansIOProtocol, "connection_made", _joined)  # noqa: B010
