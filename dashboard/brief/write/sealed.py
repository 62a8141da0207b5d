"""Office files whose bytes depend on their content alone: fixed time stamps in the container and the properties."""

import io
import re
import zipfile
from datetime import UTC, datetime

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can say
TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def sealed(container: bytes, made_at: datetime) -> bytes:
    """The same Office file with ``made_at`` as its time of creation and change, and no time in its container."""
    stamp = f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(container)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "docProps/core.xml":
                part = TIMES.sub(rb"\g<1>" + stamp + rb"\g<3>", part)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o600 << 16
            entry.create_system = 0
            after.writestr(entry, part, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
