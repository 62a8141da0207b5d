"""Whether the rules were edited since a snapshot was worked out: its lights, verdicts and candidates are then the old ones."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from etl.paths import REFERENCE
from etl.policy import Policy

RULES = "rules"  # the key of ``meta`` that holds the digest


def rules_digest(folder: Path) -> str:
    """A sha256 over the files of a policy folder and of the reference folder: all that numbers follow from but loaded files."""
    digest = hashlib.sha256()
    for root in (folder, REFERENCE):
        for path in sorted(path for path in root.rglob("*.*") if path.is_file()):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def outdated(meta: Mapping[str, str], policy: Policy) -> bool:
    """Whether a snapshot follows from other rules than the folders hold now. meta: what it says of itself, all of it."""
    return meta.get(RULES) != rules_digest(policy.folder)
