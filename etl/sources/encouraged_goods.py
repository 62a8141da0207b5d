"""The provincial catalogue of goods whose import is encouraged."""

import dataframely as dy

from etl.contracts import Row, Source, column


class EncouragedGoods(Row):
    """One row per commodity code of the catalogue, 2 to 10 digits."""

    hs_code = dy.String(
        nullable=False,
        metadata=column(
            "鼓励进口商品编码",
            "hs_level",
            "目录内商品编码（2至10位）",
            aliases=(
                "鼓励类商品编码",
                "鼓励类进口商品编码",
                "目录商品编码",
                "目录税号",
                "鼓励类商品税号",
                "商品税则号列",
                "税则号列（目录）",
            ),
        ),
    )
    hs_name = dy.String(
        nullable=True,
        metadata=column(
            "商品名称", "text", "目录内商品名称", aliases=("货品名称", "商品名称及规格"), required=False
        ),
    )


SOURCE = Source(
    kind="encouraged_goods",
    label="鼓励类进口商品目录",
    grain="每行一个商品编码",
    schema=EncouragedGoods,
    period="none",
    names_firms=False,
    key=("hs_code",),
)
