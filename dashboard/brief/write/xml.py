"""Text as XML takes it."""

import re
from html import escape

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text(value: object) -> str:
    """Escaped for content and attributes, without the characters that XML does not know."""
    return escape(FORBIDDEN.sub("", str(value)), quote=True)


def clean(value: object) -> str:
    """The same for who escapes by himself."""
    return FORBIDDEN.sub("", str(value))
