"""In which state an account is, in a word."""

import time

from dashboard.access.accounts import Account


def standing(account: Account) -> str:
    """停用, 锁定, 统一身份认证, 待修改初始密码 or 正常."""
    if account.disabled:
        return "停用"
    if account.locked_until > time.time():
        return "锁定"
    if not account.local:
        return "统一身份认证"
    return "待修改初始密码" if account.must_change else "正常"
