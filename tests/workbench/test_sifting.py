"""What an import leaves out because `check` would refuse it, and that the rest is taken."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.kb.load import check, load
from bot.workbench.editing.draft import Draft
from bot.workbench.exchange import fitness
from bot.workbench.exchange.pages import from_markdown
from bot.workbench.exchange.plan import Plan, Wishes
from bot.workbench.exchange.records import FaqFile, Record
from bot.workbench.exchange.sifting import sifted
from bot.workbench.scaffolds.base import About, make_base

TODAY = datetime.date(2026, 11, 29)
STARTED = "### Қалай іске қосуға болады?\n\n```sh\ncd server\nnpm install\nnpm run dev\n```\n\n"
OPEN = "### Кітапхана қашан ашық?\n\nКітапхана сағат тоғыздан алтыға дейін ашық.\n\n"
ENGLISH = "### Кітапты қалай аламын?\n\nYou may take it home for three weeks, and you can ask for more of them.\n"


def taken(folder: Path, found: FaqFile, lang: str = "kk") -> Plan:
    make_base(folder, About(lang, "Library", "Town library"), TODAY)
    draft = Draft(folder)
    plan = sifted(draft, load(folder), found, Wishes(language=lang))
    draft.write()
    return plan


def test_an_answer_in_another_language_is_left_out_and_the_rest_is_written(tmp_path: Path) -> None:
    plan = taken(tmp_path / "base", from_markdown(OPEN + ENGLISH))
    assert [one.record.question for one in plan.new] == ["Кітапхана қашан ашық?"]
    assert [str(one) for one in plan.left_out] == [
        'line 5: "Кітапты қалай аламын?": the answer is in English (en), not in Қазақша; translate it'
    ]
    assert [one for one in check(tmp_path / "base") if not one.warning] == []


def test_code_is_of_no_language_and_taken_with_a_warning(tmp_path: Path) -> None:
    plan = taken(tmp_path / "base", from_markdown(STARTED + OPEN))
    assert plan.new[0].record.answer == "cd server\nnpm install\nnpm run dev"
    assert any("is code or names" in note and "line 1" in note for note in plan.notes)
    assert {one.rule for one in check(tmp_path / "base") if one.warning} >= {"wrong-language"}
    assert [one for one in check(tmp_path / "base") if not one.warning] == []


def test_what_check_refuses_is_left_out_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitness, "_tongues", lambda record, lang: ())  # so that check alone refuses
    plan = taken(tmp_path / "base", from_markdown("# Кітаптар\n\n" + ENGLISH + "\n# Кітапхана\n\n" + OPEN))
    assert [one.record.question for one in plan.new] == ["Кітапхана қашан ашық?"]
    assert str(plan.left_out[0]).startswith('line 3: "Кітапты қалай аламын?" is refused by check [wrong-language]: ')


@pytest.mark.parametrize(
    ("answer", "lang", "points"),
    [
        ("Same as above.", "en", True),
        ("See the question below.", "en", True),
        ("Смотрите ответ выше.", "ru", True),
        ("Жоғарыда айтылды.", "kk", True),
        ("It is done thus. Press the button above the door.", "en", False),
        ("Run what stands below:\n\nmake", "en", False),
        ("It is aboveboard.", "en", False),
    ],
)
def test_an_answer_that_points_to_another_is_named(answer: str, lang: str, points: bool) -> None:
    assert fitness.points_elsewhere(answer, lang) is points
    notes = list(fitness.doubts(Record("Is it?", answer, "row 2"), lang))
    assert any("points to another place" in note for note in notes) is points
