"""The deliberate faults: rows that must go to quarantine while the rest of their file loads.

Each stands at the end of its file (in a bureau table: after the last firm). They are additions, so that the
good rows are complete without them. The codes 91431102MAFAUL… belong to nobody.
"""

from dataclasses import dataclass

GOOD_CODE = "91431102MAFAUL001P"  # its check character holds; the fault of the row is elsewhere
BAD_CHECK = "91431102MAFAUL001A"  # the check character is wrong
SCIENTIFIC = "9.14311E+17"  # what a spreadsheet made of a code
NAME = "演示错行企业有限公司"


@dataclass(frozen=True)
class Fault:
    """One bad row. column: where the fault is; rule: why it must be refused."""

    file: str
    column: str
    rule: str
    row: tuple[str, ...]


def _firm_row(code: str, first: str) -> tuple[str, ...]:
    return (NAME, code, "零陵区", first, "12.00", "—", "12.00", "12.00", "—", "0.00", "0.00", "—")


FAULTS: tuple[Fault, ...] = (
    Fault("演示企业名录.csv", "统一社会信用代码", "wrong check character",
          (BAD_CHECK, NAME, "零陵区", "", "其他", "", "三类", "否", "2024-01-01")),
    Fault("演示企业名录.csv", "统一社会信用代码", "code turned into a number",
          (SCIENTIFIC, NAME, "道县", "", "其他", "", "三类", "否", "2024-01-01")),
    Fault("演示企业名录.csv", "生效日期", "impossible date",
          (GOOD_CODE, NAME, "零陵区", "", "其他", "", "三类", "否", "2024-02-30")),
    Fault("演示企业名录.csv", "县市区", "unknown unit",
          (GOOD_CODE, NAME, "永洲县", "", "其他", "", "三类", "否", "2024-01-01")),
    Fault("2025年6月企业进出口情况表.xlsx", "统一社会信用代码", "code turned into a number",
          _firm_row(SCIENTIFIC, "12.00")),
    Fault("2026年3月企业进出口情况表.xlsx", "进出口当月", "amount is no number", _firm_row(GOOD_CODE, "待定")),
    Fault("演示海关明细2024年.csv", "统一社会信用代码", "wrong check character",
          ("202405", "出口", BAD_CHECK, NAME, "07032010", "110", "0110", "120,000", "16,900")),
    Fault("演示海关明细2025年.csv", "人民币值", "amount is no number",
          ("202507", "出口", GOOD_CODE, NAME, "07032010", "110", "0110", "待定", "16,900")),
    Fault("演示海关明细2026年.csv", "统计年月", "impossible month",
          ("202613", "出口", GOOD_CODE, NAME, "07032010", "110", "0110", "120,000", "16,900")),
    Fault("跨境电商月度.csv", "出口（万元）", "amount is no number", ("202608", "金洞管理区", "待定", "0.00")),
    Fault("出口退税办理台账.xlsx", "办结日期", "completed before accepted",
          ("YS-F0001", GOOD_CODE, "2025-06-20", "2025-06-12", "二类", "正常", "12,000.00")),
    Fault("出口退税办理台账.xlsx", "受理日期", "impossible date",
          ("YS-F0002", GOOD_CODE, "2025-02-30", "2025-03-05", "三类", "正常", "12,000.00")),
    Fault("出口退税办理台账.xlsx", "统一社会信用代码", "wrong check character",
          ("YS-F0003", BAD_CHECK, "2026-04-07", "2026-04-10", "三类", "正常", "12,000.00")),
    Fault("园区外贸实体项目.csv", "汇率", "yuan without a rate or a dollar amount",
          ("演示无汇率项目", "演示零陵区产业园", "零陵区", "2026-05-18", "9,600,000", "人民币", "")),
    Fault("大事记.csv", "日期", "impossible date",
          ("供港直通车", "演示错行直通车", "零陵区", "2026年2月30日", "", "演示依据〔2026〕99号")),
    Fault("市级支持资金台账.csv", "补助金额", "amount is no number",
          ("2026-07-15", GOOD_CODE, NAME, "零陵区", "其他境外展展位费", "演示错行项目", "80,000", "待定")),
)  # fmt: skip


def fault_rows(file: str) -> list[tuple[str, ...]]:
    """The bad rows that belong in that file."""
    return [fault.row for fault in FAULTS if fault.file == file]
