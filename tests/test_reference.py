"""Codes that are true for any city: dated groups, continents spelt out, and what a slip in them is told."""

import shutil

import pytest

from etl.errors import PolicyError
from etl.paths import REFERENCE
from etl.reference import load_reference


@pytest.fixture
def changed(tmp_path):
    """Read a copy of the folder in which one text of a file is another."""

    def read(file, old, new):
        shutil.copytree(REFERENCE, tmp_path / "reference")
        path = tmp_path / "reference" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return load_reference(tmp_path / "reference")

    return read


def test_groups_of_a_partner_are_those_of_the_month():
    reference = load_reference()
    assert "东盟" not in reference.groups_of("144", "2025-09")
    assert "东盟" in reference.groups_of("144", "2025-10")
    assert "东盟" in reference.groups_of("141", "2019-01")
    assert "欧盟" in reference.groups_of("108", "2026-01") and "欧盟" not in reference.groups_of(
        "303", "2026-01"
    )
    assert "非洲" in reference.groups_of("299", "2026-01") and "非洲" not in reference.groups_of(
        "300", "2026-01"
    )
    assert reference.groups_of("307", "2023-12") == ["欧盟", "共建“一带一路”国家"]
    assert reference.groups_of("307", "2024-01") == ["欧盟"]


def test_every_named_partner_is_three_digits_and_every_chapter_two():
    reference = load_reference()
    assert all(len(code) == 3 and code.isdigit() for code in reference.partners)
    chapters = [code for section in reference.sections for code in section.chapters]
    assert len(chapters) == len(set(chapters)) and all(len(code) == 2 for code in chapters)
    assert set(reference.cbec_modes) <= reference.modes.keys()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("partners.toml", 'members = ["110"]', 'members = ["999"]', "「999」没有名称"),
        ("partners.toml", 'members = ["110"]', 'members = ["110", "110"]', "重复列出 110"),
        ("partners.toml", 'since = "2025-10"', 'since = "2025.10"', "「2025.10」不是月份"),
        ("partners.toml", 'members = ["110"]', 'member = ["110"]', "members"),
        ("modes.toml", "[names]", "[names]\n[extra]", "extra"),
        ("trade.toml", "cbec_modes", "modes", "cbec_modes"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_file(changed, file, old, new, said):
    with pytest.raises(PolicyError, match=file) as told:
        changed(file, old, new)
    assert said in str(told.value)
