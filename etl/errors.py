"""Errors a user may meet: each carries one Chinese sentence saying what, where and what to do."""


class UserError(Exception):
    """A fault that the user can mend; ``str(error)`` is the sentence to show, never a traceback."""


class PolicyError(UserError):
    """A policy folder that does not say what it must, or says something unknown."""


class FileRefused(UserError):
    """A file that cannot be loaded as a whole; nothing of it is published.

    lacks: the field of ``Hints`` that would help, where the user can say what the file does not. held: why it
    waits for somebody to confirm it; kind and covers: what it is then and which months it speaks for.
    """

    def __init__(
        self,
        sentence: str,
        lacks: str = "",
        held: tuple[str, ...] = (),
        kind: str = "",
        covers: tuple[str, ...] = (),
    ) -> None:
        super().__init__(sentence)
        self.lacks = lacks
        self.held = held
        self.kind = kind
        self.covers = covers


class Busy(UserError):
    """Another loader holds the data folder."""


class SnapshotError(UserError):
    """The snapshot asked for is missing, damaged or of another version."""
