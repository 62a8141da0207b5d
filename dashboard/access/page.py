"""The pages outside Streamlit: to sign in and to change a password. Pure: texts in, one HTML document out.

They need no file of their own, so that a visitor who is not signed in gets nothing else.
"""

from pathlib import Path

from dashboard.html import text

CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
# A link from elsewhere comes without the strict cookie; the page itself asks again, and goes on where it is there.
PROBE = """
fetch("/session", {credentials: "same-origin"}).then(function (answer) {
  if (answer.status === 204) { location.replace(document.body.dataset.next); }
});
"""
SHELL = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><link rel="icon" href="data:,"><title>{title} · {product}</title>
<style nonce="{nonce}">{css}</style></head>
<body data-next="{next}"><main><h1>{product}</h1>{body}</main>{script}</body></html>"""
FIELD = (
    '<label for="{name}">{label}</label>'
    '<input id="{name}" name="{name}" type="{kind}" autocomplete="{fill}" maxlength="128" required{more}>'
)


def login(product: str, nonce: str, onward: str, name: str = "", message: str = "", outside: str = "") -> str:
    """Name and password; onward: where to go then; outside: the address of another way to sign in, where there is one."""
    focus = " autofocus"
    fields = _field("name", "账号", "text", "username", f' value="{text(name)}"{"" if name else focus}')
    fields += _field("password", "密码", "password", "current-password", focus if name else "")
    other = f'<a class="other" href="{text(outside)}">用统一身份认证登录</a>' if outside else ""
    form = _form(
        "/login", fields, "登录", message, f'<input type="hidden" name="next" value="{text(onward)}">'
    )
    hint = "<p>没有账号或忘记密码，请联系系统管理员。</p>"
    return _document(product, "登录", form + other + hint, nonce, onward, "" if message else PROBE)


def password(product: str, nonce: str, name: str, first: bool, message: str = "") -> str:
    """The old password and a new one, twice; first: the account may do nothing else before."""
    said = "首次登录请先修改初始密码。" if first else ""
    fields = f'<input type="hidden" name="username" autocomplete="username" value="{text(name)}">'
    fields += _field("old", "原密码", "password", "current-password", " autofocus")
    fields += _field("new", "新密码（至少10个字符）", "password", "new-password")
    fields += _field("again", "再写一遍新密码", "password", "new-password")
    form = f"<p>账号：{text(name)}。{said}修改后，这个账号在别处的登录全部退出。</p>"
    form += _form("/password", fields, "修改密码", message)
    out = '<form method="post" action="/logout"><button class="plain">退出登录</button></form>'
    back = out if first else '<a class="other" href="/">返回</a>'
    return _document(product, "修改密码", form + back, nonce)


def refusal(product: str, nonce: str, sentence: str) -> str:
    """One sentence, and the way to the login page."""
    return _document(
        product,
        "无法处理",
        f'<p role="alert">{text(sentence)}</p><a class="other" href="/login">去登录</a>',
        nonce,
    )


def _form(action: str, fields: str, button: str, message: str, hidden: str = "") -> str:
    alert = f'<p class="alert" role="alert">{text(message)}</p>' if message else ""
    return f'<form method="post" action="{action}">{alert}{hidden}{fields}<button>{button}</button></form>'


def _field(name: str, label: str, kind: str, fill: str, more: str = "") -> str:
    return FIELD.format(name=name, label=label, kind=kind, fill=fill, more=more)


def _document(product: str, title: str, body: str, nonce: str, onward: str = "/", script: str = "") -> str:
    return SHELL.format(
        title=title, product=text(product), nonce=nonce, css=CSS, body=body, next=text(onward),
        script=f'<script nonce="{nonce}">{script}</script>' if script else "",
    )  # fmt: skip
