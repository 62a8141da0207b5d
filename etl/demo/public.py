"""Downloads of the customs online query as it writes them, with invented figures: Hunan beside the nation."""

import random
from pathlib import Path

from etl.demo.story import MONTHS, dice

CUSTOMS_PUBLIC: tuple[tuple[str, str], ...] = (
    ("出口/演示海关统计数据在线查询平台.csv", "出口"),
    ("进口/演示海关统计数据在线查询平台.csv", "进口"),
)
HEADER = ("数据年月", "商品编码", "商品名称", "贸易方式编码", "贸易方式名称", "注册地编码", "注册地名称",
          "第一数量", "第一计量单位", "第二数量", "第二计量单位", "人民币")  # fmt: skip
SINCE = 2024
PROVINCES = (  # code, name, weight
    ("11", "北京市", 4.0), ("12", "天津市", 2.1), ("13", "河北省", 2.2), ("14", "山西省", 0.5), ("15", "内蒙古自治区", 0.6),
    ("21", "辽宁省", 2.3), ("22", "吉林省", 0.5), ("23", "黑龙江省", 0.9), ("31", "上海市", 9.0), ("32", "江苏省", 12.0),
    ("33", "浙江省", 13.0), ("34", "安徽省", 2.5), ("35", "福建省", 6.0), ("36", "江西省", 1.5), ("37", "山东省", 14.0),
    ("41", "河南省", 2.3), ("42", "湖北省", 2.6), ("43", "湖南省", 2.4), ("44", "广东省", 20.0), ("45", "广西壮族自治区", 3.0),
    ("46", "海南省", 0.9), ("50", "重庆市", 2.0), ("51", "四川省", 3.2), ("52", "贵州省", 0.3), ("53", "云南省", 5.0),
    ("54", "西藏自治区", 0.1), ("61", "陕西省", 1.3), ("62", "甘肃省", 0.2), ("63", "青海省", 0.1), ("64", "宁夏回族自治区", 0.1),
    ("65", "新疆维吾尔自治区", 1.4),
)  # fmt: skip
GOODS = {  # code, name (commas and line breaks as the query has them), unit, yuan a unit, units a month
    "出口": (
        ("07032010", "鲜或冷藏的蒜头", "千克", 9, 2_600_000),
        ("42022200", "以塑料片或纺织材料作面的手提包，不论是否有背带", "个", 42, 900_000),
        ("85044091", "具有变流功能的半导体模块,\n静止式变流器除外", "个", 65, 700_000),
    ),
    "进口": (
        ("12019020", "黄大豆,种用除外", "千克", 4, 30_000_000),
        ("44071190", "其他松木板材", "立方米", 1_650, 9_000),
    ),
}


def write_customs_public(folder: Path) -> list[Path]:
    """The downloads, each in a folder named after the direction: nothing inside the file says it."""
    return [_download(folder / name, flow) for name, flow in CUSTOMS_PUBLIC]


def _download(path: Path, flow: str) -> Path:
    """GB18030, every field quoted, one more comma at each line's end."""
    rng = dice(f"public {flow}")
    lines = [
        _row(month, goods, province, rng)
        for month in MONTHS
        if month[0] >= SINCE
        for goods in GOODS[flow]
        for province in PROVINCES
    ]
    path.parent.mkdir(exist_ok=True)
    text = "".join("".join(f'"{cell}",' for cell in row) + "\n" for row in (HEADER, *lines))
    path.write_bytes(text.encode("gb18030"))
    return path


def _row(
    month: tuple[int, int],
    goods: tuple[str, str, str, int, int],
    province: tuple[str, str, float],
    rng: random.Random,
) -> tuple[str, ...]:
    hs_code, name, unit, price, amount = goods
    code, place, weight = province
    quantity = round(amount * weight / 10 * (1 + 0.08 * (month[0] - SINCE)) * rng.uniform(0.8, 1.2))
    value = round(quantity * price * rng.uniform(0.94, 1.06))
    mode = ("10", "一般贸易") if rng.random() < 0.8 else ("14", "来料加工贸易")
    return (
        f"{month[0]}{month[1]:02d}",
        hs_code,
        name,
        *mode,
        code,
        place,
        str(quantity),
        unit,
        "0",
        "?",
        f"{value:,}",
    )
