"""The list of sentences against the document, clause by clause, and against what there is to refer to."""

import re
import shutil

import pytest

from etl.clauses import load_clauses, uncovered
from etl.errors import PolicyError
from etl.monitors import load_monitors
from etl.policy import DEFAULT_FOLDER, load_policy
from etl.support.rules import load_rules

POLICY = load_policy()
CLAUSES = load_clauses(POLICY)
TEXT = re.sub(r"\s", "", (DEFAULT_FOLDER / "document.txt").read_text(encoding="utf-8"))
NUMBERS = "一二三四五六七八九十"
TITLES = [clause.title for clause in POLICY.document.clauses]


def bare(text):
    return re.sub(r"\s", "", text)


def measure_in_the_document(number):
    """A measure's text from its title to the line of who is responsible, cut out of the document by hand."""
    at = NUMBERS.index(number)
    start = TEXT.index(f"{number}、{TITLES[at]}。")
    return TEXT[start + 2 : TEXT.index("责任单位", start) - 1]


def test_the_ten_measures_are_listed_in_order():
    assert "".join(measure.number for measure in CLAUSES.measures) == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_the_quotes_of_a_measure_are_its_whole_text_but_for_title_and_punctuation(number):
    left = measure_in_the_document(number)
    for sentence in CLAUSES.measure(number).sentences:
        quote = bare(sentence.quote)
        assert left.count(quote) == 1, sentence.quote
        left = left.replace(quote, "｜")
    assert set(left.removeprefix(TITLES[NUMBERS.index(number)])) <= set("｜，。；")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_measures_connecting_words_are_its_title_and_punctuation(number):
    title = f"{TITLES[NUMBERS.index(number)]}。"
    assert set(CLAUSES.measure(number).connecting) <= {title, "，", "。", "；"}


def test_what_stands_after_the_last_measure_is_quoted_too():
    after = TEXT[TEXT.index("本措施有关支持政策") : TEXT.index("抄送")]
    for sentence in CLAUSES.closing:
        assert bare(sentence.quote) in after
        after = after.replace(bare(sentence.quote), "")
    assert set(after) <= set("，。")


def test_each_sentence_is_tracked_by_something_or_says_why_not():
    for sentence in CLAUSES.sentences:
        assert bool(sentence.tracked) != bool(sentence.not_measurable), sentence.quote
        assert sentence.not_measurable is None or len(sentence.not_measurable) >= 8, sentence.quote


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("indicator", [item.id for item in POLICY.indicators]),
        ("monitor", [item.id for item in load_monitors(POLICY)]),
        ("item", list(load_rules(POLICY).names)),
    ],
)
def test_every_indicator_monitor_and_support_item_is_cited_and_no_other(kind, ids):
    cited = {id for sentence in CLAUSES.sentences for id in sentence.ids(kind)}
    assert cited == set(ids) and ids


def test_an_indicator_or_monitor_stands_where_its_own_clause_cites_it():
    for kind, items in (("indicator", POLICY.indicators), ("monitor", load_monitors(POLICY))):
        for item in items:
            assert item.id in CLAUSES.measure(item.clause).ids(kind), item.id


def test_each_monitors_quote_is_the_documents_own_words():
    for monitor in load_monitors(POLICY):
        assert bare(monitor.quote) in measure_in_the_document(monitor.clause), monitor.id


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DEFAULT_FOLDER, tmp_path / "policy")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("过亿元的企业达到25家以上", "过亿元的企业达到26家以上", "在原文里找不到"),
        ('quote = "力争经过3年的努力，', 'quote = "', "没有说明原文的「，力争经过3年的努力，」"),
        ('"indicator:firms_over_1b"', '"indicator:firms_over_2b"', "「indicator:firms_over_2b」不存在"),
        ('tracked = ["monitor:firm_tiers"]', "tracked = []", "二者取一"),
        (
            'connecting = ["做强外贸主体。"',
            'connecting = ["做弱外贸主体。"',
            "没有说明原文的「做强外贸主体。」",
        ),
        ('"，", "。"]', '"，", "。", "并且"]', "「并且」没有用到"),
        ('number = "十"', 'number = "十一"', "与 document.toml 的"),
    ],
)
def test_a_slip_in_the_list_is_one_sentence(folder, old, new, said):
    path = folder / "clauses.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    if "number" in new:  # the text of a measure that nobody declares is looked for first
        said = "第十一条"
    with pytest.raises(PolicyError, match=re.escape(said)):
        load_clauses(load_policy(folder))


def test_what_quotes_leave_is_given_in_order_and_blanks_do_not_matter():
    assert list(uncovered("甲乙 丙，\n丁。", ["乙丙", "丁"])) == ["甲", "，", "。"]
