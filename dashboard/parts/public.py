"""Growth of a place beside its province and the nation, by the public customs statistics, as HTML. Pure."""

from collections.abc import Iterator

from dashboard import format
from dashboard.html import panel, scrolled, table
from dashboard.questions.public import ALL_PROVINCES, FLOWS, Beside, Growth, Public
from dashboard.words import COLUMNS, Span

TITLE = "与全省全国对照"
UNLOADED = (
    "没有加载海关公开数据，暂时看不到全省和全国。在海关统计数据在线查询平台按月下载进口、出口各一份，"
    "再用 trade-kpi load 文件 --flow 出口（或进口）加载。"
)


def beside(found: Beside, period: str) -> str:
    """Growth of the places here, then of the province and the nation; one sentence where they are not loaded."""
    public = found.public
    if public is None:
        return panel(TITLE, f'<p class="tk-empty">{UNLOADED}</p>', "tk-beside-public")
    loaded = f"海关公开数据已加载{format.period(public.first)}—{format.period(public.last)}"
    loaded += f"，中间缺{public.gaps}个月" if public.gaps else ""
    if not public.areas:
        empty = f'<p class="tk-empty">{loaded}，没有{format.period(period)}的。</p>'
        return panel(TITLE, empty, "tk-beside-public")
    month = "当月" if found.months == 1 else "1—2月"
    heads = ("地区", *(f"{COLUMNS[flow]} {span}" for flow in FLOWS for span in (month, "累计")))
    rows = [_row(area, here=area is found.here[0]) for area in (*found.here, *public.areas)]
    unknown = f"{format.DASH}为暂无数据：当期或去年同期的数据不全。"
    dashed = unknown if any(span.text == format.DASH for row in rows for span in row) else ""
    note = f"{loaded}{_narrowed(public)}。公开数据只到省，没有市县，也没有跨境电商。{dashed}"
    inner = scrolled(TITLE, table("", heads, rows)) + f'<p class="tk-note">{note}</p>'
    return panel(TITLE, inner, "tk-beside-public", "人民币同比")


def _row(area: Growth, *, here: bool) -> list[Span]:
    """Name and four growth rates; those of the place in question bold."""
    return [Span(cell, "", here) for cell in (area.name, *_growths(area))]


def _growths(area: Growth) -> Iterator[str]:
    return (format.growth(span[flow]) for flow in FLOWS for span in (area.month, area.ytd))


def _narrowed(found: Public) -> str:
    goods = f"，只含查询的{found.goods}个商品编码" if found.goods else ""
    some = f"，只含{found.provinces}个省份，不能代表全国" if 0 < found.provinces < ALL_PROVINCES else ""
    return goods + some
