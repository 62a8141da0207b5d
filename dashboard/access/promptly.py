"""Every message leaves when it is written, instead of waiting until the browser has acknowledged the one before.

asyncio asks this of the kernel only for sockets that say that they are TCP, and those of the listener that Streamlit binds
do not say so (uvicorn's issue 3149). A click is answered by a dozen messages: all but the first waited 40 ms, and for a
browser on Windows up to 200.
"""

import socket
from asyncio import base_events
from contextlib import suppress


def send() -> None:
    """See to it for all connections that this process takes in from now on. Where asyncio has changed, it does as it does."""
    if hasattr(base_events, "_set_nodelay"):
        setattr(base_events, "_set_nodelay", _at_once)  # noqa: B010  no public name leads there


def _at_once(connection: socket.socket) -> None:
    with suppress(OSError):  # what is no TCP has no such option
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
