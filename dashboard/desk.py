"""What one session sends in: its last check and what was published of it. Knows nothing of widgets.

A desk is locked while it works, so that a second click on 发布 waits for the first and then finds it done.
"""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from etl import intake
from etl.apply import Options
from etl.errors import UserError
from etl.intake import Sent
from etl.layout import Hints
from etl.load import Report
from etl.rehearse import Rehearsal
from etl.staging import staged
from etl.supersede import TAKE_WHOLE

MEGABYTE = 1_000_000
MOST_BYTES = (
    400 * MEGABYTE
)  # at once: what a check can read within its memory, and this server can hold for several


@dataclass(frozen=True)
class Upload:
    """One file as it was sent. id: of this very sending."""

    id: str
    name: str
    content: memoryview


@dataclass(frozen=True)
class Checked:
    """A check: of which uploads, their bytes, what was said about them, and what it found.

    asked: (number of the file, field of Hints) that it turned out to need, this time or before. whole: whether a
    ledger may be taken whole; held: whether files wait to be confirmed, or are.
    """

    uploads: tuple[str, ...]
    sha256s: tuple[str, ...]
    stated: tuple[Hints, ...]
    options: Options
    found: Rehearsal
    asked: tuple[tuple[int, str], ...] = ()

    @property
    def whole(self) -> bool:
        notes = (note for file in self.found.report.files for note in file.notes)
        return self.options.replace or any(TAKE_WHOLE in note for note in notes)

    @property
    def asks(self) -> bool:
        """Whether there is anything that the sender can say."""
        return bool(self.asked) or self.whole or self.held

    @property
    def held(self) -> bool:
        return bool(self.options.confirm) or any(file.held for file in self.found.report.files)


class Desk:
    """The one thing here that changes. owner: who sends, so that nobody else in this session meets their files.

    lot: grows with each publishing; what was sent before is put away then.
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.lot = 1
        self.checked: Checked | None = None
        self.published: tuple[Report, Checked] | None = None
        self.refusal = ""
        self._lock = threading.Lock()

    def check(
        self,
        data: Path,
        uploads: Sequence[Upload],
        stated: Sequence[Hints] = (),
        options: Options = Options(publish=False),  # noqa: B008 (frozen)
    ) -> None:
        """Find out what loading the uploads would do, with what is stated about each; or why that is not known."""
        with self._lock:
            before, self.checked, self.published, self.refusal = self.checked, None, None, ""
            try:
                hints = tuple(stated) or (Hints(),) * len(uploads)
                checked = _check(data, uploads, hints, options, before)
            except UserError as error:
                self.refusal = str(error)
            else:
                self.checked = checked

    def publish(self, data: Path, uploads: Sequence[Upload]) -> None:
        """Publish what was checked, once; where nothing is checked any more, it is done already."""
        with self._lock:
            checked, self.refusal = self.checked, ""
            if checked is None:
                return
            try:
                with staged(data, ((file.name, file.content) for file in uploads)) as paths:
                    files = [Sent(*sent) for sent in zip(paths, checked.sha256s, checked.stated, strict=True)]
                    options = Options(replace=checked.options.replace, confirm=checked.options.confirm)
                    report = intake.publish(data, files, options, checked.found.base)
            except UserError as error:
                self.refusal = str(error)
                return
            self.published, self.checked = (report, checked), None
            self.lot += 1

    def about(self, uploads: Sequence[Upload]) -> Checked | None:
        """The check, where it is of exactly these uploads."""
        checked = self.checked
        return checked if checked and checked.uploads == tuple(file.id for file in uploads) else None


def _check(
    data: Path,
    uploads: Sequence[Upload],
    hints: tuple[Hints, ...],
    options: Options,
    before: Checked | None,
) -> Checked:
    if sum(len(file.content) for file in uploads) > MOST_BYTES:
        raise UserError(f"一次最多上传 {MOST_BYTES // MEGABYTE} MB，请分几次上传。")
    ids = tuple(file.id for file in uploads)
    earlier = before if before and before.uploads == ids else None
    # A reason is for holds that were shown: what is now read in another way, or held against other data, is not meant.
    if not (earlier and earlier.stated == hints and earlier.options.replace == options.replace):
        options = replace(options, confirm=None)
    sha256s = tuple(hashlib.sha256(file.content).hexdigest() for file in uploads)
    with staged(data, ((file.name, file.content) for file in uploads)) as paths:
        files = [Sent(*sent) for sent in zip(paths, sha256s, hints, strict=True)]
        found = intake.check(data, files, options)
        if options.confirm and earlier and found.base != earlier.found.base:
            options = replace(options, confirm=None)
            found = intake.check(data, files, options)
    asked = earlier.asked if earlier else ()
    lacking = ((number, file.lacks) for number, file in enumerate(found.report.files) if file.lacks)
    return Checked(ids, sha256s, hints, options, found, tuple(dict.fromkeys((*asked, *lacking))))
