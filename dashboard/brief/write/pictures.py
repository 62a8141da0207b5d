"""Drawings as pictures, by a renderer that is part of the program: no browser, no network."""

import functools

import vl_convert as vlc

from dashboard.brief.document import Picture

SCALE = 3.0


def png(picture: Picture) -> bytes:
    """The drawing at three times its own size, sharp on paper."""
    return _png(picture.svg)


@functools.lru_cache(maxsize=16)
def _png(svg: str) -> bytes:
    data: bytes = vlc.svg_to_png(svg, scale=SCALE)
    return data
