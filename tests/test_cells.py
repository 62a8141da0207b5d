"""Cells as people write them: what each reader gives, and what must hold whatever is typed."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from etl import cells

bounded = settings(derandomize=True, deadline=None, max_examples=40)  # the same examples each time
FULL_WIDTH = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789.,-()%"}
WAN = Decimal(10_000)
YUAN = Decimal(1)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def read(reader: Callable[[pl.Expr], pl.Expr], *written: str | None) -> list[object]:
    frame = pl.DataFrame({"cell": list(written)}, schema={"cell": pl.String})
    return frame.select(reader(pl.col("cell")).alias("value"))["value"].to_list()


def money(*written: str | None, factor: Decimal = YUAN) -> list[object]:
    return read(lambda cell: cells.money(cell, factor), *written)


@pytest.mark.parametrize(
    ("written", "fraction"),
    [
        ("12.3", 0.123),
        ("12.3%", 0.123),
        ("１２．３％", 0.123),
        ("-5", -0.05),
        ("(5)", -0.05),
        ("增长1.5倍", 1.5),
        ("同比增长12.5%", 0.125),
        ("增长约3%", 0.03),
        ("下降3.2个百分点", -0.032),
        ("下降3.2百分点", -0.032),
        ("回落5%", -0.05),
        ("持平", 0.0),
        ("—", None),
        ("待核实", None),
    ],
)
def test_growth_as_printed(written, fraction):
    assert read(cells.growth, written) == [pytest.approx(fraction) if fraction else fraction]


@pytest.mark.parametrize("blank", ["", " ", "　", "-", "—", "——", "/", "?", "…", "无", None])
def test_a_blank_is_no_value_in_any_reader(blank):
    for reader in (
        cells.tidy,
        cells.text,
        cells.number,
        cells.growth,
        cells.date,
        cells.period,
        cells.uscc,
        cells.hs_code,
    ):
        assert read(reader, blank) == [None]
    assert money(blank) == [None]


def test_a_text_keeps_its_inner_spaces_and_full_width_forms():
    assert read(cells.text, "　永州（中国）Trade Co\n公司 \t") == ["永州（中国）Trade Co公司"]


def test_tidy_takes_away_every_kind_of_space_and_invisible_character():
    assert read(cells.tidy, "\ufeff１ ２\u00a03\u200b４　") == ["1234"]


amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2).map(lambda number: number + 0)
DRESSES: dict[str, Callable[[Decimal], str]] = {
    "plain": str,
    "commas": lambda amount: f"{amount:,}",
    "full width": lambda amount: f"{amount:,}".translate(FULL_WIDTH),
    "brackets": lambda amount: f"({-amount:,})" if amount < 0 else f"{amount:,}",
    "full-width brackets": lambda amount: f"（{-amount:,}）" if amount < 0 else f"{amount:,}",
    "mathematical minus": lambda amount: f"{amount:,}".replace("-", "−"),
    "currency": lambda amount: f"¥{amount:,}" if amount >= 0 else f"-{-amount:,}",
    "spaces for commas": lambda amount: f"{amount:,}".replace(",", " "),
    "spaces around": lambda amount: f"　{amount} ",
    "scientific": lambda amount: f"{amount:.15E}",
    "its own unit": lambda amount: f"{amount}元",
}


@pytest.mark.parametrize("dress", DRESSES)
@bounded
@given(amount=amounts)
def test_money_comes_back_from_every_printed_form(dress, amount):
    assert money(DRESSES[dress](amount)) == [amount]


@bounded
@given(amount=amounts)
def test_money_in_a_larger_unit_is_that_many_yuan(amount):
    assert money(str(amount), factor=WAN) == [amount * 10_000]
    assert money(f"{amount}亿元") == [amount * 100_000_000]


@bounded
@given(amount=amounts, factor=st.sampled_from([YUAN, WAN, Decimal(100_000_000)]))
def test_the_fast_path_of_money_agrees_with_the_thorough_one(amount, factor):
    for written in (str(amount), f"{amount:,}"):
        assert pl.select(pl.lit(written).str.contains(cells.PLAIN_NUMBER)).item()
        assert read(lambda cell: cells.plain_money(cell, factor), written) == money(written, factor=factor)


@bounded
@given(text=st.text(max_size=30))
def test_no_reader_stumbles_over_any_text(text):
    readers = (
        cells.number,
        cells.growth,
        cells.date,
        cells.period,
        cells.months,
        cells.uscc,
        cells.hs_code,
        cells.hs_level,
    )
    for reader in readers:
        read(reader, text)
    money(text, factor=WAN)
    read(lambda cell: cells.code(cell, 4, 1), text)


@bounded
@given(text=st.text(alphabet="0123456789.,，-−+()（）eE万亿元% ¥\n", max_size=16))
def test_what_is_read_as_money_has_the_digits_that_were_written(text):
    value = money(text)[0]
    if value is not None and not set(text) & set("eE万亿"):
        written = "".join(c for c in text if c in "0123456789.")
        assert abs(value) == pytest.approx(Decimal(written), abs=Decimal("0.000001"))


plausible_days = st.dates(dt.date(2004, 1, 1), dt.date(2039, 12, 31))
DAYS: dict[str, Callable[[dt.date], str]] = {
    "iso": dt.date.isoformat,
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "points": lambda day: f"{day.year}.{day.month}.{day.day}",
    "characters": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "packed": lambda day: f"{day:%Y%m%d}",
    "packed number": lambda day: f"{day:%Y%m%d}.0",
    "full width": lambda day: f"{day:%Y-%m-%d}".translate(FULL_WIDTH),
    "with a time": lambda day: f"{day} 13:05:00",
    "serial": lambda day: str((day - dt.date(1899, 12, 30)).days),
    "serial number": lambda day: f"{(day - dt.date(1899, 12, 30)).days}.5",
}


@pytest.mark.parametrize("form", DAYS)
@bounded
@given(day=plausible_days)
def test_a_day_comes_back_from_every_written_form(form, day):
    assert read(cells.date, DAYS[form](day)) == [day]


CLOCKS: tuple[Callable[[int], str], ...] = (
    lambda hour: f" {hour}:20",
    lambda hour: f" {hour:02d}:05:00",
    lambda hour: f"　{hour}：20：00",
    lambda hour: f"  {hour}:20:00.000",
    lambda hour: f"\n{hour}:20",
    lambda hour: f"T{hour:02d}:20:00",
    lambda hour: f" {hour}时20分",
    lambda hour: f" {'上午' if hour < 12 else '下午'}{hour % 12}:20",
    lambda hour: f"{'上午' if hour < 12 else '下午'} {hour % 12}:20:00",
    lambda hour: f" {hour % 12}:20:00 {'AM' if hour < 12 else 'PM'}",
)


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: clock(9).strip())
@pytest.mark.parametrize(
    "written", ["{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}"]
)
def test_the_time_of_day_never_changes_the_day(written, clock):
    """Of days without a leading zero the hour must not be taken for a second figure: 9/1 14:20 is no 11th."""
    days = [dt.date(2025, 9, day) for day in range(1, 31)]
    texts = [written.format(day) + clock(hour) for day in days for hour in range(24)]
    expected = [day for day in days for _ in range(24)]
    assert read(cells.date, *texts) == expected
    assert read(cells.period, *texts) == [dt.date(2025, 9, 1)] * len(expected)


@pytest.mark.parametrize(
    "written", ["2025/9/114:20", "2025/9/1 4", "2025-9-1　1", "2025. 1 1.29", "2025年9月1 4日", "2025/9/1 25"]
)
def test_a_day_and_an_hour_that_cannot_be_told_apart_stay_unread(written):
    assert read(cells.date, written) == [None]


MONTHS: dict[str, Callable[[dt.date], str]] = {
    "packed": lambda day: f"{day:%Y%m}",
    "number": lambda day: f"{day:%Y%m}.0",
    "dash": lambda day: f"{day:%Y-%m}",
    "short dash": lambda day: f"{day.year}-{day.month}",
    "point and two digits": lambda day: f"{day:%Y.%m}",
    "characters": lambda day: f"{day.year}年{day.month}月",
    "characters and 份": lambda day: f"{day:%Y}年{day:%m}月份",
    **DAYS,
}


@pytest.mark.parametrize("form", MONTHS)
@bounded
@given(day=plausible_days)
def test_a_month_comes_back_from_every_written_form(form, day):
    assert read(cells.period, MONTHS[form](day)) == [day.replace(day=1)]


@bounded
@given(day=plausible_days)
def test_a_month_after_a_point_is_read_unless_it_may_have_lost_a_zero(day):
    expected = None if day.month == 1 else day.replace(day=1)
    assert read(cells.period, f"{day.year}.{day.month}") == [expected]


codes = st.text(alphabet=ALPHABET[:10], min_size=8, max_size=8).flatmap(
    lambda digits: st.text(alphabet=ALPHABET, min_size=9, max_size=9).map(lambda rest: digits + rest)
)


@bounded
@given(body=codes)
def test_a_credit_code_stands_by_its_check_character_in_whatever_dress(body):
    code = body + stdnum_uscc.calc_check_digit(body)
    if code.isdigit() and code.endswith("000"):
        assert read(cells.uscc, code) == [None]
        return
    dresses = (
        code,
        code.lower(),
        f" {code[:8]} {code[8:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in code),
        f"'{code}",
        f"{code[:8]}\n{code[8:]}",
    )
    assert read(cells.uscc, *dresses) == [code] * len(dresses)


@bounded
@given(body=codes, place=st.integers(0, 16), by=st.integers(1, 30))
def test_a_credit_code_with_one_wrong_character_is_none(body, place, by):
    code = body + stdnum_uscc.calc_check_digit(body)
    changed = ALPHABET[(ALPHABET.index(code[place]) + by) % len(ALPHABET)]
    if changed != code[place]:
        assert read(cells.uscc, code[:place] + changed + code[place + 1 :]) == [None]


@bounded
@given(digits=st.integers(10**6, 10**8 - 1))
def test_a_commodity_code_comes_back_without_its_zero_and_with_its_national_digits(digits):
    code = f"{digits:08d}"
    assert read(cells.hs_code, code, f"{code}00", f"{code}.0") == [code] * 3
    if code[0] == "0":
        assert read(cells.hs_code, code[1:], f"{code[1:]}00", f"{code[1:]}.0") == [code] * 3
        assert read(cells.hs_level, code[1:], f"{code[1:]}00") == [code, f"{code}00"]


@pytest.mark.parametrize(
    ("written", "eight", "level"),
    [
        ("7020000", "07020000", "07020000"),
        ("7020000.0", "07020000", "07020000"),
        ("702000010", "07020000", "0702000010"),
        ("0702.0000", "07020000", "07020000"),
        ("0702000", None, None),  # the zero is there: it is the last digit that is missing
        ("070200001", None, None),
        ("00702000", None, None),  # there is no chapter 00
        ("70200", None, "070200"),
        ("702", None, "0702"),
        ("070", None, None),
        ("7", None, "07"),
        ("0", None, None),
        ("70200001011", None, None),
        ("7.02E+06", None, None),
    ],
)
def test_a_commodity_code_gets_back_a_lost_zero_and_no_other_digit(written, eight, level):
    assert read(cells.hs_code, written) == [eight]
    assert read(cells.hs_level, written) == [level]


SOUND = "91431100MA4L16JJ44"
ALONE = f"""
import time
import polars as pl
from etl import cells
codes = pl.Series(["{SOUND}"] * 200_000)
assert cells._codes(codes).null_count() == 0
begun = time.process_time()
time.sleep(0.3)
print(time.process_time() - begun)
"""


def test_no_core_is_kept_busy_after_credit_codes_were_checked():
    """BLAS shares a product out to threads, which then spin for a tenth of a second."""
    answer = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    assert float(answer.stdout) < 0.03


def test_a_code_of_digits_alone_that_a_spreadsheet_cut_is_none_though_its_check_character_holds():
    bodies = (f"91431100{number:07d}00" for number in range(1_000))
    cut = next(f"{body}0" for body in bodies if stdnum_uscc.calc_check_digit(body) == "0")
    assert read(cells.uscc, SOUND, cut, SOUND) == [SOUND, None, SOUND]


def test_a_text_is_cleaned_and_what_says_nothing_or_is_ruled_out_is_none():
    texts = pl.DataFrame({"cell": ["甲公司", " 乙公司", "4.31102E+17", "-", "", "合计", None]})
    clean = texts.select(cells.text(pl.col("cell"), never="^合计$")).to_series()
    assert clean.to_list() == ["甲公司", "乙公司", None, None, None, None, None]


@pytest.mark.parametrize("word", ["4.31102E+17", "-", "", "合计"])
def test_a_text_that_is_none_is_found_where_all_others_are_clean(word):
    texts = pl.DataFrame({"cell": ["甲公司", word, "乙公司"]})
    clean = texts.select(cells.text(pl.col("cell"), never="^合计$")).to_series()
    assert clean.to_list() == ["甲公司", None, "乙公司"]


def test_texts_that_are_clean_are_looked_at_once():
    """To tell what is wrong with a text takes longer than all the rest of reading it."""
    looked = []

    class Looked:
        def __init__(self, texts):
            self.texts = texts

        @property
        def str(self):
            looked.append(1)
            return self.texts.str

    clean = Looked(pl.Series(["甲公司", "乙公司"]))
    assert cells._text(clean, "^合计$") is clean
    assert len(looked) == 1
