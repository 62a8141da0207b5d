"""Export tax rebate cases."""

import dataframely as dy
import polars as pl

from etl.contracts import CLASSES, CLASSES_AROUND, USCC, Row, Source, column, money, spelled

STATES = spelled(
    正常="正常办结 正常办理 正常退税 正常件 正常业务",
    函调="函调中 正在函调 发函调查 函调件 函调业务",
    疑点="存在疑点 有疑点 疑点件 疑点业务 疑点核查 疑点待核查",
)


class Rebates(Row):
    """One row per case; amount in yuan; completed is null while the case is open."""

    case_no = dy.String(
        nullable=False,
        metadata=column(
            "案件编号",
            "text",
            "案件编号",
            aliases=(
                "编号",
                "申报编号",
                "受理编号",
                "案件号",
                "业务编号",
                "业务号",
                "案号",
                "申报序号",
                "受理号",
                "办件编号",
                "办件号",
            ),
        ),
    )
    uscc = dy.String(nullable=False, metadata=USCC)
    accepted = dy.Date(
        nullable=False,
        metadata=column(
            "受理日期",
            "date",
            "受理日期",
            aliases=("受理时间", "受理日", "接收日期", "申报受理日期", "受理年月日", "申报日期"),
        ),
    )
    completed = dy.Date(
        nullable=True,
        metadata=column(
            "办结日期",
            "date",
            "办结日期",
            aliases=(
                "办结时间",
                "完成日期",
                "办结日",
                "完成时间",
                "办毕日期",
                "审核办结日期",
                "退税办结日期",
                "结案日期",
            ),
        ),
    )
    rebate_class = dy.String(
        nullable=True,
        metadata=column(
            "管理类别",
            "choice",
            "企业的出口退税管理类别",
            aliases=(
                "出口退税管理类别",
                "企业类别",
                "退税管理类别",
                "类别",
                "企业管理类别",
                "分类管理类别",
                "出口企业管理类别",
                "退税类别",
            ),
            words=CLASSES,
            around=CLASSES_AROUND,
        ),
    )
    state = dy.String(
        nullable=False,
        metadata=column(
            "办理状态",
            "choice",
            "正常、函调或疑点",
            aliases=("状态", "案件状态", "业务状态", "办理情况", "审核状态", "办理类型", "当前状态"),
            words=STATES,
        ),
    )
    amount_cny = money(
        metadata=column(
            "退税额",
            "money",
            "退税额，人民币元",
            aliases=(
                "退税金额",
                "退税款",
                "办理退税额",
                "应退税额",
                "实退税额",
                "出口退税额",
            ),
            required=False,
            unit="元",
        )
    )

    @dy.rule()
    def completed_after_accepted(cls) -> pl.Expr:
        """A case cannot end before it begins."""
        return pl.col("completed") >= pl.col("accepted")


SOURCE = Source(
    kind="rebates",
    label="出口退税台账",
    grain="每行一个案件",
    schema=Rebates,
    period="none",
    names_firms=True,
    key=("case_no",),
    rules={"completed_after_accepted": ("办结日期", "办结日期早于受理日期，请核对两个日期。")},
)
