"""Bytes as columns of polars, not copied, and columns of texts as bytes."""

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]


def column_of(content: bytes | npt.NDArray[np.uint8]) -> pl.Series:
    """Every byte a row, UInt8. Given to polars itself, an array of numpy's makes it import modules for 50 ms first."""
    return pl.Series(pa.Array.from_buffers(pa.uint8(), len(content), [None, pa.py_buffer(content)]))


def content_of(texts: pa.Array) -> bytes:
    """The bytes of all texts of a column, one after the other."""
    return bytes(texts.buffers()[-1] or b"")
