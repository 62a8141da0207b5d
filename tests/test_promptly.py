"""Small messages leave at once."""

import asyncio
import os
import socket
import subprocess
import sys
from asyncio import base_events
from pathlib import Path

from dashboard.access import promptly, together

ROOT = Path(__file__).resolve().parent.parent
STARTED = """
import runpy, sys
from asyncio import base_events
runpy.run_path(sys.argv[1])
from streamlit.runtime import websocket_session_manager
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
print(base_events._set_nodelay.__module__)
print(websocket_session_manager.AppSession.__module__, WebSocketsSansIOProtocol.connection_made.__module__)
"""
SERVER = ROOT / "dashboard" / "access" / "server.py"


async def waits_for_acknowledgement() -> bool:
    """Whether a connection does that comes in through a listener bound as Streamlit binds its own."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    told = asyncio.get_running_loop().create_future()

    def taken_in(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(taken_in, sock=listener):
        _, writer = await asyncio.open_connection(*listener.getsockname())
        nodelay = await told
        writer.close()
    return not nodelay


def test_no_message_waits_for_the_one_before(monkeypatch):
    # what is set here is put back in the end
    monkeypatch.setattr(base_events, "_set_nodelay", base_events._set_nodelay)
    monkeypatch.setattr(together, "begin", lambda: None)
    promptly.send()
    assert not asyncio.run(waits_for_acknowledgement())


def test_a_connection_that_is_no_tcp_is_taken_in_as_ever(tmp_path):
    with socket.socket(socket.AF_UNIX) as other:
        promptly._at_once(other)


def test_the_server_sends_so(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", STARTED, str(SERVER)],
        env={**os.environ, "TRADE_KPI_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [promptly.__name__, together.__name__, together.__name__]
