"""Who comes in: accounts, passwords, sessions, the login page and the guard in front of everything."""

import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from asgi import HERE, HOST, ask, connect
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse
from streamlit import config
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard import database, who
from dashboard.access import accounts, audit, cookie, first, outside, passwords, sessions, vault
from dashboard.access.guard import HEADERS, Guard
from dashboard.access.routes import onward, routes
from dashboard.access.vault import access_folder
from dashboard.identity import Viewer
from etl import seen
from etl.errors import UserError

PASSWORD = "correct-horse-9"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """The real parameters take 64 MiB and a tenth of a second each; what is tested here is not their cost."""
    quick = passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_nobody", quick.hash("nobody"))


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("TRADE_KPI_DATA", str(tmp_path))
    monkeypatch.delenv("TRADE_KPI_ACCESS")
    accounts.add(tmp_path, "张三", "county", "431124", PASSWORD, first=False)
    return tmp_path


@pytest.fixture
def app():
    """The guard before the real routes and a stand-in for Streamlit that answers everything."""

    async def streamlit(scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await PlainTextResponse("secret")(scope, receive, send)

    inner = Starlette(routes=[*routes()])
    inner.router.default = streamlit
    return Guard(inner)


def sign_in(app, **form):
    return ask(app, "POST", "/login", **{"name": "张三", "password": PASSWORD, **form})


def test_what_is_kept_is_for_its_owner_alone(data):
    folder = access_folder(data)
    first.demo_accounts(data)
    audit.record(data, audit.Entry("登录", "张三", "county"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("accounts.sqlite", "audit.sqlite", "demo-passwords.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name


def test_a_password_is_kept_as_argon2id_and_nowhere_in_clear(data):
    accounts.set_password(data, "张三", PASSWORD, first=False)
    kept = b"".join(path.read_bytes() for path in access_folder(data).iterdir())
    assert b"$argon2id$" in kept and PASSWORD.encode() not in kept


def test_only_the_right_password_opens_and_the_answer_is_the_same_for_nobody(data):
    assert accounts.authenticate(data, "张三", PASSWORD).unit == "431124"
    said = set()
    for name, password in (("张三", "wrong"), ("李四", PASSWORD), ("张三", "")):
        with pytest.raises(accounts.SignInRefused) as refused:
            accounts.authenticate(data, name, password)
        said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.parametrize("name", ["张三", "没有这个人"])
def test_five_wrong_passwords_lock_a_name_longer_each_time(data, name):
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        for _ in range(5):
            with pytest.raises(accounts.SignInRefused, match="账号或密码不对"):
                accounts.authenticate(data, name, "wrong")
        with pytest.raises(accounts.SignInRefused, match="1分钟后"):
            accounts.authenticate(data, name, PASSWORD)
        clock.shift(61)
        with pytest.raises(accounts.SignInRefused, match="账号或密码不对"):
            accounts.authenticate(data, name, "wrong")
        with pytest.raises(accounts.SignInRefused, match="2分钟后"):
            accounts.authenticate(data, name, PASSWORD)
    assert [accounts.locked_for(n) for n in (4, 5, 6, 7, 30)] == [0, 60, 120, 240, 3600]


def test_an_unlocked_account_and_a_good_sign_in_begin_to_count_anew(data):
    for _ in range(5):
        with pytest.raises(accounts.SignInRefused):
            accounts.authenticate(data, "张三", "wrong")
    accounts.unlock(data, "张三")
    for _ in range(4):
        with pytest.raises(accounts.SignInRefused):
            accounts.authenticate(data, "张三", "wrong")
    assert accounts.authenticate(data, "张三", PASSWORD)
    with pytest.raises(accounts.SignInRefused, match="账号或密码不对"):
        accounts.authenticate(data, "张三", "wrong")


def test_accounts_that_make_no_sense_are_refused(data):
    for name, role, unit, said in (
        ("张三", "leader", None, "已经有了"),
        ("a b", "leader", None, "不合规"),
        ("李四", "king", None, "没有角色"),
        ("李四", "county", None, "写明一个县市区"),
        ("李四", "leader", "431124", "其他角色不写"),
        ("李四", "county", "4311", "12个县市区"),
    ):
        with pytest.raises(UserError, match=said):
            accounts.add(data, name, role, unit, PASSWORD)


def test_the_last_administrator_cannot_be_disabled(data):
    accounts.add(data, "甲", "admin", None, PASSWORD)
    with pytest.raises(UserError, match="最后一个"):
        accounts.disable(data, "甲", disabled=True)
    accounts.add(data, "乙", "admin", None, PASSWORD)
    accounts.disable(data, "甲", disabled=True)
    with pytest.raises(UserError, match="最后一个"):
        accounts.disable(data, "乙", disabled=True)


def test_a_session_ends_idle_at_its_end_and_with_its_account(data, monkeypatch):
    monkeypatch.setattr(seen, "SETTLED_NS", 10**20)  # files are written to at another time than the test's
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        key = sessions.key_of(sessions.opened(data, "张三"))
        for _ in range(23):  # active all the time, for eleven and a half hours
            clock.shift(sessions.IDLE_SECONDS - 1)
            assert sessions.session(data, key)
        clock.shift(sessions.IDLE_SECONDS + 60)
        assert sessions.session(data, key) is None
        idle = sessions.key_of(sessions.opened(data, "张三"))
        clock.shift(sessions.IDLE_SECONDS)
        assert sessions.session(data, idle) is None
        for end in (
            lambda: accounts.disable(data, "张三", disabled=True),
            lambda: accounts.set_password(data, "张三", "another-one-7", first=False),
            lambda: sessions.closed(data, key),  # noqa: B023 (called before the next)
        ):
            accounts.disable(data, "张三", disabled=False)
            key = sessions.key_of(sessions.opened(data, "张三"))
            assert sessions.session(data, key)
            end()
            assert sessions.session(data, key) is None


def test_a_session_is_read_anew_after_each_write_and_only_then(data, monkeypatch):
    def settled():
        for path in (data / "access").glob("accounts.sqlite*"):
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 5))

    read, reading = [], sessions.reading
    monkeypatch.setattr(sessions, "reading", lambda data: (read.append(1), reading(data))[1])
    key = sessions.key_of(sessions.opened(data, "张三"))
    for _ in range(3):  # just written to: two writes of one tick would leave the same time
        assert sessions.session(data, key)
    assert len(read) == 3
    settled()
    for _ in range(3):
        assert sessions.session(data, key)
        assert sessions.session(data, sessions.key_of("a stranger's")) is None
    assert len(read) == 3 + 2
    accounts.disable(data, "张三", disabled=True)
    assert sessions.session(data, key) is None
    settled()
    assert sessions.session(data, key) is None and sessions.session(data, key) is None


def test_many_who_write_at_once_wait_for_their_turn_instead_of_for_chance(data, monkeypatch):
    """Each holds the file for longer than SQLite waits in all."""
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.02)

    def write(number):
        with vault.writing(data) as con:
            con.execute("insert into failure values (?, 1, 0, 0)", (f"{number}",))
            time.sleep(0.05)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(write, range(12)))
    with vault.reading(data) as con:
        assert con.execute("select count(*) from failure").fetchone() == (12,)


def test_the_token_is_nowhere_kept(data):
    token = sessions.opened(data, "张三")
    assert not any(token.encode() in path.read_bytes() for path in access_folder(data).iterdir())


@pytest.mark.parametrize(
    "path",
    ["/", "/firms?firm=1", "/static/js/index.js", "/media/abc.xlsx", "/_stcore/host-config", "/_stcore/metrics",
     "/_stcore/upload_file/a/b", "/component/x", "/login/", "//login", "/Login", "/auth/login", "/oauth2callback"],
)  # fmt: skip
def test_a_stranger_gets_the_login_page_and_nothing_else(data, app, path):
    page = ask(app, "GET", path)
    assert page.status == 303 and page.headers["location"].startswith("/login")
    for method, headers in (("GET", {"accept": "*/*"}), ("PUT", {}), ("POST", {}), ("DELETE", {})):
        answer = ask(app, method, path, headers)
        assert answer.status in (401, 403) and "secret" not in answer.body, (method, path)
    forged = {"cookie": f"{cookie.name()}=forged; _streamlit_user=forged"}
    assert ask(app, "GET", path, forged).status == 303


def test_a_stranger_opens_no_websocket_and_nobody_does_from_another_site(data, app):
    given = sign_in(app).cookie
    assert connect(app, HERE) == "websocket.close"
    assert connect(app, {**HERE, "cookie": given, "origin": "http://evil.example"}) == "websocket.close"
    assert connect(app, {"host": HOST, "cookie": given}) == "websocket.close"
    assert connect(app, {**HERE, "cookie": given}) == "websocket.accept"


def test_the_right_password_gives_a_cookie_that_opens_all(data, app):
    answer = sign_in(app, next="/unit?unit=431124&period=2026-10")
    assert (answer.status, answer.headers["location"]) == (303, "/unit?unit=431124&period=2026-10")
    assert "HttpOnly" in answer.headers["set-cookie"] and "SameSite=Strict" in answer.headers["set-cookie"]
    kept = {"cookie": answer.cookie}
    assert ask(app, "GET", "/firms", kept).body == "secret"
    assert [ask(app, "GET", "/session", sent).status for sent in (kept, {})] == [204, 200]
    out = ask(app, "POST", "/logout", kept)
    assert out.headers["location"] == "/login" and "Max-Age=0" in out.headers["set-cookie"]
    assert ask(app, "GET", "/firms", {**kept, "accept": "*/*"}).status == 401


def test_a_file_is_fetched_by_the_session_that_it_was_made_for_and_by_no_other(data, app):
    accounts.add(data, "李四", "leader", None, PASSWORD, first=False)
    owner, again = (sign_in(app).cookie for _ in range(2))
    key = sessions.key_of(owner.partition("=")[2])
    content = who.taken(Viewer("张三", "county", "431124", key), "表.csv", "text/csv", lambda: b"1")()
    kept = MemoryMediaFileStorage("/media")  # which says where Streamlit puts it
    at = kept.get_url(kept.load_and_get_id(content, "text/csv", MediaFileKind.DOWNLOADABLE, "表.csv"))
    assert ask(app, "GET", at, {"cookie": owner}).body == "secret"
    for other in (again, sign_in(app, name="李四").cookie):
        for method in ("GET", "HEAD"):
            answer = ask(app, method, at, {"cookie": other})
            assert answer.status == 404 and "secret" not in answer.body
    assert ask(app, "GET", "/media/abc.csv", {"cookie": owner}).status == 404  # nobody's
    assert ask(app, "GET", at).status == 303


def test_a_form_of_another_site_changes_nothing(data, app):
    kept = {"cookie": sign_in(app).cookie}
    for origin in ("http://evil.example", "null", ""):
        assert ask(app, "POST", "/login", {"origin": origin}, name="张三", password=PASSWORD).status == 403
        assert ask(app, "POST", "/logout", {**kept, "origin": origin}).status == 403
    assert ask(app, "GET", "/", kept).body == "secret"
    assert ask(app, "GET", "/login", {"host": "evil.example"}).status == 400


def test_a_first_password_must_be_changed_before_anything_else(data, app):
    accounts.set_password(data, "张三", PASSWORD, first=True)
    kept = {"cookie": sign_in(app).cookie}
    assert ask(app, "GET", "/", kept).headers["location"] == "/password"
    assert ask(app, "GET", "/media/abc.xlsx", {**kept, "accept": "*/*"}).status == 401
    assert connect(app, {**HERE, **kept}) == "websocket.close"
    new = "battery-staple-4"
    for old, typed, again, said in (
        (PASSWORD, new, "other-thing-22", "不一样"),
        (PASSWORD, PASSWORD, PASSWORD, "原密码相同"),
        (PASSWORD, "short", "short", "10"),
        (PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "太容易"),
        ("wrong", new, new, "不对"),
    ):
        answer = ask(app, "POST", "/password", kept, old=old, new=typed, again=again)
        assert answer.status == 403 and said in answer.body, said
    changed = ask(app, "POST", "/password", kept, old=PASSWORD, new=new, again=new)
    assert changed.status == 303
    assert ask(app, "GET", "/", {"cookie": changed.cookie}).body == "secret"
    assert ask(app, "GET", "/", kept).status == 303  # signed out wherever else
    assert sign_in(app).status == 403 and sign_in(app, password=new).status == 303


def test_where_to_go_on_is_a_page_of_this_dashboard_and_nothing_else():
    assert onward("/ranking?measure=import_share&x=1") == "/ranking?measure=import_share"
    for elsewhere in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/nowhere",
        "javascript:1",
        "/media/a",
    ):
        assert onward(elsewhere) == "/"


def test_what_somebody_types_is_inert_on_the_login_page(data, app):
    answer = sign_in(app, name='"><script>x', password="no", next='"><b>')
    assert answer.status == 403 and "<script>x" not in answer.body and "<b>" not in answer.body
    assert "'none'" in answer.headers["content-security-policy"]


def test_every_answer_carries_the_security_headers(data, app):
    kept = {"cookie": sign_in(app).cookie}
    for answer in (ask(app, "GET", "/login"), ask(app, "GET", "/"), ask(app, "GET", "/firms", kept)):
        assert set(map(str.lower, HEADERS)) <= set(answer.headers)
    assert ask(app, "GET", "/media/abc.xlsx", kept).headers["cache-control"] == "no-store"


def test_sign_ins_failures_and_sign_outs_are_in_the_audit_log(data, app):
    sign_in(app, password="wrong")
    ask(app, "POST", "/logout", {"cookie": sign_in(app).cookie})
    found = [(item.action, item.name, item.detail["来源"]) for item in audit.entries(data, 9)]
    assert found == [(action, "张三", "10.1.2.3") for action in ("退出登录", "登录", "登录失败")]


@pytest.mark.parametrize("unit", ["431172", "4311", "unassigned", "道县"])
def test_a_county_account_is_of_one_of_the_twelve(data, unit):
    with pytest.raises(UserError, match="12个县市区之一"):
        accounts.add(data, "李四", "county", unit, PASSWORD)
    assert accounts.find(data, "李四") is None


def test_the_claim_that_names_the_account_can_be_chosen(monkeypatch):
    claims = {"preferred_username": "甲", "upn": "乙", "email": "丙"}
    said = create_signed_value(get_cookie_secret(), "_streamlit_user", json.dumps(claims))
    answer = [(b"set-cookie", b"_streamlit_user=" + said)]
    found = []
    for claim in ("", "upn", "email", "nonce"):
        monkeypatch.setenv(outside.CLAIM, claim)
        found.append(outside.named_by_provider(answer))
    assert found == ["甲", "乙", "", ""]


def test_a_proxy_opens_no_account_that_has_a_password_here(data, app, monkeypatch, tmp_path):
    accounts.add(data, "外部", "leader", None, None)
    (secret := tmp_path / "secret").write_text("s" * 43)
    monkeypatch.setenv(outside.SECRET_FILE, str(secret))
    real = config.get_option
    monkeypatch.setattr(
        config, "get_option", lambda name: "127.0.0.1" if name == "server.address" else real(name)
    )
    for name, status in (("外部", 307), ("张三", 403)):
        said = {"x-trade-kpi-proxy": "s" * 43, "x-trade-kpi-user": name}
        assert ask(app, "GET", "/", said).status == status


def test_a_proxy_is_believed_on_loopback_with_the_secret_alone(data, app, monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s" * 43 + "\n")
    said = {"x-trade-kpi-proxy": "s" * 43, "x-trade-kpi-user": "张三"}
    headers = [(key.encode(), value.encode()) for key, value in said.items()]
    assert outside.named_by_proxy(headers, "127.0.0.1") == ""
    monkeypatch.setenv(outside.SECRET_FILE, str(secret))
    assert outside.named_by_proxy(headers, "127.0.0.1") == "张三"
    assert outside.named_by_proxy(headers, "0.0.0.0") == ""
    assert outside.named_by_proxy([(b"x-trade-kpi-proxy", b"s"), headers[1]], "127.0.0.1") == ""
    secret.write_text("")
    assert outside.named_by_proxy([(b"x-trade-kpi-proxy", b""), headers[1]], "127.0.0.1") == ""


VERIFIED = {"email_verified": True}


@pytest.mark.parametrize(
    ("claims", "enters"),
    [
        ({"preferred_username": "外部"}, True),
        ({"email": "外部", **VERIFIED}, True),
        ({"email": "外部"}, False),
        ({"email": "外部", "email_verified": "false"}, False),
        ({"preferred_username": "张三"}, False),  # who has a password here comes in by it alone
        ({"preferred_username": "没有这个人"}, False),
        ({"preferred_username": "没有这个人", "email": "外部", **VERIFIED}, False),
    ],
)
def test_what_a_provider_says_opens_a_session_of_ours_and_its_own_cookie_goes_no_further(
    data, monkeypatch, claims, enters
):
    accounts.add(data, "外部", "leader", None, None)
    said = create_signed_value(get_cookie_secret(), "_streamlit_user", json.dumps(claims))

    async def callback(scope, receive, send):
        cookies = {"Set-Cookie": f"_streamlit_user={said.decode()}; Path=/; HttpOnly"}
        await RedirectResponse("/", 302, cookies)(scope, receive, send)

    app = Guard(callback)
    assert ask(app, "GET", "/oauth2callback?state=x").headers["location"].startswith("/login")
    monkeypatch.setattr(outside, "outside_address", lambda: "/auth/login")
    answer = ask(app, "GET", "/oauth2callback?state=x")
    assert "_streamlit_user" not in str(answer.headers)
    assert answer.headers["location"] == ("/" if enters else "/login")
    found = sessions.session(data, sessions.key_of(answer.cookie.partition("=")[2]))
    assert (found is not None) == enters
    assert audit.entries(data, 1)[0].action == ("登录" if enters else "登录失败")


def test_the_way_to_a_provider_is_made_when_it_is_taken_and_not_when_the_login_page_is(
    data, app, monkeypatch
):
    assert "/login/outside" not in ask(app, "GET", "/login").body
    assert ask(app, "GET", "/login/outside").headers["location"] == "/login"
    made = iter("1234")
    monkeypatch.setattr(
        "dashboard.access.routes.outside_address", lambda: f"/auth/login?provider={next(made)}"
    )
    page = ask(app, "GET", "/login").body
    assert 'href="/login/outside"' in page and "provider=" not in page
    taken = [ask(app, "GET", "/login/outside").headers["location"] for _ in range(2)]
    assert taken == ["/auth/login?provider=2", "/auth/login?provider=3"]


def test_a_forged_answer_of_a_provider_names_nobody(data):
    said = create_signed_value("another secret", "_streamlit_user", json.dumps({"email": "张三"}))
    assert outside.named_by_provider([(b"set-cookie", b"_streamlit_user=" + said)]) == ""


def test_the_first_administrator_is_made_once_and_must_choose_a_password(tmp_path):
    given = first.first_admin(tmp_path)
    assert accounts.authenticate(tmp_path, given.name, given.password).must_change
    assert first.first_admin(tmp_path) is None


def test_the_demo_has_an_account_a_role_and_says_the_same_passwords_again(tmp_path):
    given = first.demo_accounts(tmp_path)
    assert {item.role for item in given} == {"leader", "task_force", "county", "loader", "admin", "auditor"}
    assert len({item.password for item in given}) == 6
    assert first.demo_accounts(tmp_path) == given
    assert all(accounts.authenticate(tmp_path, item.name, item.password) for item in given)


def test_an_answer_takes_as_long_for_a_name_that_nobody_has(data, monkeypatch):
    asked = []
    monkeypatch.setattr(passwords, "matches", lambda secret, password: asked.append(secret) or False)
    for name in ("张三", "没有这个人"):
        with pytest.raises(accounts.SignInRefused):
            accounts.authenticate(data, name, "wrong")
    assert len(asked) == 2 and asked[1] is None
