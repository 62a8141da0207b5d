"""What a click changes is not kept waiting: each packet leaves when it is written, and what a run says makes one (``together``).

asyncio asks this of the kernel only for sockets that say that they are TCP, and those of the listener that Streamlit binds
do not say so (uvicorn's issue 3149). All packets but the first waited until the browser had acknowledged the one before: 40 ms,
on Windows up to 200.
"""

import socket
from asyncio import base_events
from contextlib import suppress


def send() -> None:
    """See to it for all connections that this process takes in from now on.

    Where asyncio, uvicorn or Streamlit have changed, they do as they do.
    """
    if hasattr(base_events, "_set_nodelay"):
        setattr(base_events, "_set_nodelay", _at_once)  # noqa: B010  no public name leads there
    with suppress(ImportError, AttributeError):
        from dashboard.access import together

        together.begin()


def _at_once(connection: socket.socket) -> None:
    with suppress(OSError):  # what is no TCP has no such option
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
