"""What each role may do: one table, and whatever does not stand in it is denied."""

from collections.abc import Mapping
from typing import Literal

from dashboard.identity import Role, Viewer

Right = Literal["figures", "all_firms", "own_firms", "brief", "rows", "load", "accounts", "audit"]
# figures: indicators and aggregates. all_firms, own_firms: single firms of all units, or of the viewer's own.
# brief: the meeting brief, whole or of the own unit.
# rows: single rows in quarantine, which may name firms, for who mends them. load: send files in and publish them.
RIGHTS: Mapping[Role, frozenset[Right]] = {
    "leader": frozenset({"figures", "all_firms", "brief", "rows"}),
    "task_force": frozenset({"figures", "all_firms", "brief", "rows", "load"}),
    "county": frozenset({"figures", "own_firms", "brief"}),
    "loader": frozenset({"figures", "rows", "load"}),
    "admin": frozenset({"accounts"}),
    "auditor": frozenset({"audit"}),
}
REFUSED: Mapping[Right, str] = {
    "figures": "当前账号无权查看指标数据，请联系系统管理员。",
    "load": "上传数据只向工作专班和数据加载人员开放，当前账号无权使用，请联系工作专班。",
    "brief": "简报只向市领导和工作专班开放，县市区只能制作本地简报；当前账号无权制作。",
    "rows": "逐行内容可能涉及企业身份，当前账号只能看到计数。",
    "accounts": "账户只由系统管理员管理，当前账号无权使用；修改自己的密码请用右上角账号菜单。",
    "audit": "审计记录只向审计员开放，当前账号无权查看。",
}


def may(viewer: Viewer, right: Right) -> bool:
    """Whether the viewer's role has that right."""
    return right in RIGHTS.get(viewer.role, frozenset())
