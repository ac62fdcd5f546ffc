"""An edit breaks something: the finding names the right file, line and rule, in words that say what to do, and no traceback."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.kb.lint.causes import folded
from bot.kb.load import check
from bot.kb.model import Problem
from tests.kb_bases import MEMORY, SMALL_BASE, small_base

P, L, S, V, R = "en/presidency.yaml", "en/liberties.yaml", "sources.yaml", "en/voice.yaml", "en/refusals.yaml"
PH, RU = "en/phrases/presidency.yaml", "ru/presidency.yaml"
GAP_ASK = "          - Whom does the limit bind?\n"


@dataclass(frozen=True)
class Break:
    """`old` becomes `new` in `file`; the first finding stands at the line of `at` (in the edited text) and has the words."""

    file: str
    old: str
    new: str
    rule: str
    at: str
    words: str
    place: str = ""  # the file of the finding, where that is another
    follow: int | None = None  # so many at least that are folded


YAML = [
    Break(P, "    section: agenda", "\tsection: agenda", "yaml-syntax", "\tsection", "indent with spaces"),
    Break(P, "    gaps:", "  \t  gaps:", "yaml-syntax", "\t  gaps", "a tab"),
    Break(P, "question: How long", "question: Well: how long", "yaml-syntax", "Well:", "a colon inside the text"),
    Break(P, "answer: Since 2022 a", "answer: Since 2022\n      note: a", "yaml-syntax", "note:", "in quotes"),
    Break(
        P,
        "question: How long may a president serve?",
        'question: "How long may he?',
        "yaml-syntax",
        '"How long',
        "not closed",
    ),
    Break(
        P,
        "question: How long may a president serve?",
        "question: 'What's new?'",
        "yaml-syntax",
        "What's",
        "apostrophe twice",
    ),
    Break(P, "question: How long", 'question: "How" long', "yaml-syntax", '"How"', "behind the closing"),
    Break(P, "    section: agenda", "   section: agenda", "yaml-syntax", "   section", "3 spaces at the beginning"),
    Break(
        P,
        "    section: agenda",
        "      section: agenda",
        "yaml-syntax",
        "      section",
        "begin both at the same place",
    ),
    Break(P, "    section: agenda", "    section:agenda", "yaml-syntax", "section:agenda", "no space behind"),
    Break(P, "    section: agenda", "    section agenda", "yaml-syntax", "section agenda", "has no colon"),
    Break(P, 'figures: ["2022", seven]', 'figures: ["2022", seven', "yaml-syntax", "figures: [", "is not closed"),
    Break(P, 'figures: ["2022", seven]', 'figures: ["2022", seven]]', "yaml-syntax", "seven]]", "nothing is open"),
    Break(P, "question: How", "question: @How", "yaml-syntax", "@How", "cannot begin with @"),
    Break(
        P, "question: How long may a", "question: **How** long may a", "yaml-syntax", "**How**", "cannot begin with *"
    ),
    Break(P, "answer: Since", "answer: > Since", "yaml-syntax", "> Since", "the line must end"),
    Break(P, "answer: Since 2022", "answer: >-\n    Since 2022", "yaml-syntax", "    Since 2022", "indented deeper"),
    Break(
        P, "question: How long may a president serve?", 'question: "How \\long?"', "yaml-syntax", "\\long", "backslash"
    ),
    Break(P, "related: [rallies-held]", "related: - rallies-held", "yaml-syntax", "related: -", "line of its own"),
    Break(P, GAP_ASK, "          Whom does the limit bind\n", "wrong-type", "ask:", "each item on a line of its own"),
    Break(P, "    section", "<<<<<<< HEAD\n    section", "yaml-syntax", "<<<<<<<", "left here by a merge"),
    Break(
        P,
        "    section: agenda",
        "\u00a0\u00a0\u00a0\u00a0section: agenda",
        "yaml-syntax",
        "\u00a0section",
        "no-break space",
    ),
    Break(
        P,
        "    section: agenda",
        "    section: agenda\n    section: agenda",
        "repeated-key",
        "2:    section",
        "keep one",
    ),
    Break(
        P,
        "question: How long may a president serve?",
        "question: How long is term #1 of his?",
        "text-cut-off",
        "#1",
        "put the text in quotes",
    ),
    Break(P, "question: How", "question: *How", "yaml-feature", "*How", "quote it"),
    Break(P, "topic:", "---\ntopic: x\n---\ntopic:", "yaml-feature", "2:---", "a second document"),
]

CAUSES = [
    Break(
        P,
        "  presidential-term:",
        "  presidential-terms:",
        "renamed",
        "presidential-terms:",
        'write "presidential-term" here',
        follow=6,
    ),
    Break(P, "      first-bound:", "      first-bounds:", "renamed", "first-bounds:", 'name "first-bound"', follow=2),
    Break(S, "gazette-2025-07-10:", "gazette:", "renamed", "gazette:", 'name "gazette-2025-07-10"', follow=2),
    Break(S, "  publisher: The Almanac", "  publisher: [The Almanac", "yaml-syntax", "[The Almanac", "is not closed"),
    Break(P, "Since 2022 a", "Since 2023 a", "figure-missing", "figures:", 'does not carry "2022"', follow=1),
    Break(V, "  agenda: section", "  program: section", "renamed", "program: section", 'name "agenda"', follow=2),
    Break("en/changes.yaml", "new-law:", "newest-law:", "renamed", "newest-law:", 'name "new-law"', follow=2),
]

TEXTS = [
    Break(
        "ru/liberties.yaml",
        "answer: Прошло более 1500 митингов.",
        "answer: There have been over 1,500 rallies so far.",
        "wrong-language",
        "answer:",
        "in English (en)",
    ),
    Break(P, "a single term of", "a **single** term of", "markup", "answer:", '"**single**"'),
    Break(P, "a single term of", "a <b>single</b> term of", "markup", "answer:", '"<b>"'),
    Break(P, "a single term of", "a [single](https://x.example) term of", "markup", "answer:", "as it is typed"),
    Break(P, "a single term of", "a single&nbsp;term of", "markup", "answer:", "&nbsp;"),
    Break(
        P,
        "answer: Since 2022 a president serves",
        "answer: |-\n      # Term\n      Since 2022 a president serves",
        "markup",
        "answer:",
        '"# Term"',
    ),
    Break(P, "a single term of", "a single {title} term of", "unfilled", "answer:", "{title}"),
    Break(R, "say: The article", "say: The {papre} of the article", "unfilled", "say:", "{papre}"),
    Break(P, "a single term of", "a single TODO term of", "placeholder-left", "answer:", '"TODO"'),
    Break(V, "  decline: I", "  declin: x\n  decline: I", "unknown-key", "declin:", 'did you mean "decline"'),
    Break(
        "en/synonyms.yaml",
        "rally: [demonstration, march]",
        "rally: [demonstration, march]\nwalk: [stroll, march]",
        "synonym-clash",
        "walk:",
        "stands in rally",
    ),
    Break(
        S,
        "almanac:",
        "leftover:\n  {kind: context, title: T, publisher: P, published: null, language: en, url: null, read: 2026-11-20}\nalmanac:",
        "unused",
        "leftover:",
        "no answer comes from it",
    ),
    Break(PH, "one term only?", '"one  term only?"', "phrase-slip", "one  term", "two spaces"),
    Break(PH, "one term only?", '"only one term."', "phrase-slip", "only one term.", "a dot at the end"),
    Break(PH, "one term only?", "ONLY ONE TERM FOR HIM", "phrase-slip", "ONLY ONE", "small letters"),
    Break(PH, "one term only?", '"only one term ?"', "phrase-slip", "term ?", "a space before a sign"),
    Break(PH, "one term only?", '"only\u00a0one term"', "phrase-slip", "\u00a0one", "no-break space"),
    Break(PH, "one term only?", '"only one\u200b term"', "text-trap", "one\u200b", "invisible character"),
    Break(PH, "one term only?", '"only one tеrm"', "phrase-slip", "tеrm", "of another alphabet"),
    Break(PH, "presidential-term:", "presidential-terms:", "unknown-entry", "presidential-terms:", "correct the id"),
]

BREAKS = [*YAML, *CAUSES, *TEXTS]


def broken(folder: Path, one: Break) -> tuple[Path, str]:
    base = small_base(folder)
    path = base / one.file
    if "voice" not in one.file:
        path.write_bytes((SMALL_BASE / one.file).read_bytes())
    text = path.read_text(encoding="utf-8")
    assert one.old in text, text
    text = text.replace(one.old, one.new, 1)
    path.write_text(text, encoding="utf-8")
    return base, text


def line_of(text: str, at: str) -> int:
    """The first line with these words, the second of them with `2:` before."""
    words = at.removeprefix("2:")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if words in line]
    return lines[1 if at != words else 0]


@pytest.mark.parametrize("one", BREAKS, ids=[f"{one.rule} {one.words}" for one in BREAKS])
def test_the_first_finding_names_the_cause(one: Break, tmp_path: Path) -> None:
    base, text = broken(tmp_path, one)
    pairs: list[tuple[Problem, list[Problem]]] = folded(check(base, memory=MEMORY))
    assert pairs
    first, followers = pairs[0]
    assert (first.file, first.rule) == (one.place or one.file, one.rule), [str(problem) for problem, _ in pairs]
    assert first.line == line_of(text, one.at), str(first)
    assert one.words in first.text
    assert len(followers) >= (one.follow or 0), [str(problem) for problem, _ in pairs]


def test_these_are_forty_and_more() -> None:
    assert len(BREAKS) >= 40
