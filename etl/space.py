"""When the data folder cannot be written, most often because its disk is full: told apart, and said in one sentence."""

import contextlib
import errno
import logging
from collections.abc import Iterator

import duckdb

from etl.errors import UserError

NO_SPACE = "数据目录写不进去（磁盘已满或没有权限），请联系系统管理员，已发布的数据不变。"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})

log = logging.getLogger(__name__)


def is_full(error: Exception) -> bool:
    """Whether the database or the system could not write; no file that is only read raises these."""
    if isinstance(error, OSError):
        return error.errno in FULL
    if isinstance(
        error, duckdb.TransactionException
    ):  # of a file with one writer only a commit can fail, by its disk
        return "Failed to commit" in str(error)
    return isinstance(error, duckdb.IOException | duckdb.FatalException)


@contextlib.contextmanager
def writable(sentence: str = NO_SPACE) -> Iterator[None]:
    """Let what cannot be written inside end as one sentence, never as a traceback."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if isinstance(error, duckdb.Error) and not is_full(error):
            raise
        log.info("the data folder cannot be used: %s", error)
        raise UserError(sentence) from error
