"""Files made to be taken along belong to the session that asked for them: nobody else's may fetch one.

Streamlit keeps such a file under an address made of its content, for as long as a page offers it, and asks nobody who
fetches it. Kept in the memory of this process, as the files themselves are.
"""

import os.path
import threading
from collections import OrderedDict

from streamlit.runtime.memory_media_file_storage import _calculate_file_id

ADDRESS = "/media/"
MOST = 10_000  # files whose owners are remembered, the newest; Streamlit itself puts them away sooner
_owners: OrderedDict[str, frozenset[str]] = OrderedDict()
_lock = threading.Lock()


def given(session: str, content: bytes, name: str, sort: str) -> None:
    """Note for which session the file was made. name, sort: as the button that offers it has them."""
    id = _calculate_file_id(content, sort, name)
    with _lock:
        _owners[id] = _owners.pop(id, frozenset()) | {session}
        while len(_owners) > MOST:
            _owners.popitem(last=False)


def belongs(path: str, session: str) -> bool:
    """Whether what lies at that address was made for that session; nothing that was made in another way is."""
    id, _ = os.path.splitext(path.removeprefix(ADDRESS))
    with _lock:
        return bool(session) and session in _owners.get(id, frozenset())
