"""Passwords: how they are kept (argon2id), what one must be like, and generated ones. Pure but for randomness."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

SHORTEST, LONGEST = 10, 128
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
GROUPS, GROUP = 4, 4
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# What a password for a name that nobody has is compared with, so that the answer takes as long.
_nobody = _hasher.hash(secrets.token_urlsafe())


def hashed(password: str) -> str:
    """The argon2id hash to keep, with its own salt and parameters."""
    return _hasher.hash(password)


def matches(secret: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; None or empty takes as long and never matches."""
    try:
        _hasher.verify(secret or _nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(secret)


def generated() -> str:
    """A random password of 16 letters in groups: 79 bits, and easy to type."""
    parts = ("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(parts)


def weakness(password: str, name: str) -> str:
    """Why it may not be used, as a sentence; empty where it may."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"新密码要有{SHORTEST}至{LONGEST}个字符，请重新填写。"
    if len(set(password)) < SHORTEST // 2 or password in name * LONGEST:
        return "新密码太容易猜到（重复的字符，或就是账号名），请换一个。"
    return ""
