"""Questions in vain: the same question in other words is one group, and what comes out can be pasted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bot.kb.load import check
from bot.store.base import UnansweredQuestion
from bot.workbench.unanswered import as_yaml, group, snippet
from tests.kb_bases import small_base

NOW = datetime(2025, 11, 24, 12, tzinfo=UTC)


def asked(text: str, lang: str = "en", nearest: str | None = "presidential-term", days: int = 0) -> UnansweredQuestion:
    return UnansweredQuestion(text, lang, nearest, NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("lang", "wordings"),
    [
        ("en", ["Who will be the next president?", "who will be next president", "who wil be the next president"]),
        ("ru", ["Кто будет следующим президентом?", "кто будет следущим президентом", "КТО БУДЕТ СЛЕДУЮЩИМ ПРЕЗИДЕНТОМ"]),
        ("kk", ["Келесі президент кім болады?", "келеси президент ким болады", "кім болады келесі президент?"]),
    ],
)  # fmt: skip
def test_spelling_order_and_keyboard_do_not_part_what_belongs_together(lang: str, wordings: list[str]) -> None:
    [one] = group([asked(text, lang, days=day) for day, text in enumerate(wordings)])
    assert (one.count, one.nearest, one.lang) == (3, "presidential-term", lang)
    assert (one.first, one.last) == (date(2025, 11, 22), date(2025, 11, 24))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("what happened in 2022", "what happened in 2023"),
        ("how many judges were dismissed", "how many judges were trained"),
        ("weather", "weather in Paris tomorrow morning"),
    ],
)
def test_other_numbers_and_other_words_are_other_questions(first: str, second: str) -> None:
    assert len(group([asked(first), asked(second)])) == 2


def test_languages_are_kept_apart() -> None:
    assert len(group([asked("Токаев", "ru"), asked("Токаев", "kk")])) == 2


def test_the_newest_group_comes_first() -> None:
    groups = group([asked("old question", days=9), asked("new question here", days=1), asked("old question", days=8)])
    assert [one.text for one in groups] == ["new question here", "old question"]


def test_the_most_frequent_wording_stands_for_the_group() -> None:
    texts = ["who is next president", "who is the next president", "who is the next president"]
    [one] = group([asked(text) for text in texts])
    assert one.text == "who is the next president"


def test_the_entry_that_was_nearest_most_often_is_the_nearest() -> None:
    questions = [asked("who is next", nearest=near) for near in (None, "ombudsman", "term", "term", None, None)]
    assert group(questions)[0].nearest == "term"
    assert group([asked("who is next", nearest=None)])[0].nearest is None


def test_texts_without_words_are_questions_too() -> None:
    assert [one.text for one in group([asked("???", nearest=None), asked("!!", nearest=None)])] == ["???", "!!"]


def test_nothing_gives_nothing() -> None:
    assert group([]) == []
    assert as_yaml([]) == ""


def test_two_thousand_questions_are_grouped_within_seconds() -> None:
    words = ["judge", "court", "torture", "vote", "rally", "term", "prison", "women", "budget", "school", "press"]
    texts = [f"{a} and {b} of the {c}" for a in words for b in words for c in words][:1000]
    begin = datetime.now(UTC)
    groups = group([asked(text) for text in texts * 2])
    assert sum(one.count for one in groups) == 2000
    assert (datetime.now(UTC) - begin).total_seconds() < 5


def test_yaml_lists_each_wording_under_its_nearest_entry() -> None:
    groups = group(
        [
            asked('is it "one" term: or two?'),
            asked("и сколько сроков", "ru"),
            asked("one more thing entirely"),
            asked("погода", "ru", None),
        ]
    )
    first, second = yaml.safe_load_all(as_yaml(groups))
    assert sorted(first["presidential-term"]) == ['is it "one" term: or two?', "one more thing entirely"]
    assert second == {"presidential-term": ["и сколько сроков"]}
    assert '# - "погода"  # 1 ×' in as_yaml(groups)


def test_what_is_pasted_passes_the_check(tmp_path: Path) -> None:
    folder = small_base(tmp_path)
    text = as_yaml(group([asked("no: yes # not a comment"), asked("- 12:30, null"), asked("{term} & *anchor")]))
    file = folder / "en/phrases/presidency.yaml"
    pasted = "\n".join(line for line in text.split("\n") if line.startswith("  - "))
    kept = (
        file.read_text(encoding="utf-8").rstrip().replace("presidential-term:\n", f"presidential-term:\n{pasted}\n", 1)
    )
    file.write_text(kept + "\n", encoding="utf-8")
    assert [problem for problem in check(folder) if problem.rule.startswith("yaml")] == []


def test_a_snippet_is_one_line_of_a_phrases_file() -> None:
    [one] = group(
        [asked("who is the next president"), asked("who's the next president"), asked("who is next president")]
    )
    assert list(yaml.safe_load(snippet(one))) == ["presidential-term"]
    assert len(yaml.safe_load(snippet(one, 2))["presidential-term"]) == 2
    [far] = group([asked("weather", nearest=None)])
    assert yaml.safe_load(snippet(far)) is None
