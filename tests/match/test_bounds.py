"""What a message costs is bounded, whatever its letters: what is beyond the budgets is read as typed."""

from __future__ import annotations

import random
import string
import time
import unicodedata
from collections.abc import Callable, Iterator
from statistics import median

import pytest

from bot.languages import text
from bot.languages.packs import traits
from bot.languages.text import sentences
from bot.match.decide import cuts
from bot.match.decide.decision import Judge, Verdict
from bot.match.decide.matcher import Matcher
from bot.match.decide.parts import decide_parts
from bot.match.learn import guard
from bot.match.words.language import LONGEST_WORD, Language
from bot.match.words.repair import MOST_MENDED, Repairer
from bot.service import LONGEST, Service

TELEGRAM = 4096  # characters of the longest message; an inline query has 256
LATIN = string.ascii_lowercase
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
KAZAKH = CYRILLIC + "әғқңөұүһі"
ARABIC = "".join(map(chr, range(0x621, 0x64B)))
ALPHABETS = {
    "latin": LATIN,
    "cyrillic": CYRILLIC,
    "kazakh": KAZAKH,
    "arabic": ARABIC,
    "greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "devanagari": "".join(map(chr, range(0x915, 0x93A))),
    "cjk": "".join(map(chr, range(0x4E00, 0x5180))),
    "hangul": "".join(map(chr, range(0xAC00, 0xAF80))),
    "thai": "".join(map(chr, range(0xE01, 0xE2F))),
}
MARKS = "".join(map(chr, range(0x300, 0x370)))
SUBJECTS = [
    "president",
    "penalty",
    "rights",
    "election",
    "constitutional",
    "ombudsman",
    "torture",
    "defamation",
    "parliament",
    "quota",
]
PARAGRAPHS = {
    "german": "Die Verfassung garantiert die Gewaltenteilung zwischen Gesetzgebung, vollziehender Gewalt und Rechtsprechung. ",
    "uzbek": "Prezidentning vakolatlari cheklandi va o'lim jazosi bekor qilindi, fuqarolar to'g'ridan-to'g'ri murojaat qiladi. ",
    "turkish": "Cumhurbaşkanının yetkileri sınırlandırıldı, İnsan hakları konusunda değişiklikler yapıldığı söyleniyor mu? ",
}
ORDINARY = 60  # questions of ordinary people whose time is the measure
TIMES = 25  # the measure: 9 at most on a busy machine; 80 before there were budgets, when an ordinary question took twice as long


def words(dice: random.Random, letters: str, least: int = 4, most: int = 12) -> Iterator[str]:
    while True:
        yield "".join(dice.choices(letters, k=dice.randint(least, most)))


def filled(found: Iterator[str], size: int, between: str = " ") -> str:
    taken: list[str] = []
    while sum(map(len, taken)) + len(between) * len(taken) < size:
        taken.append(next(found))
    return between.join(taken)[:size]


def mistyped(dice: random.Random, joined: int = 1) -> Iterator[str]:
    while True:
        letters = list("".join(dice.choices(SUBJECTS, k=joined)))
        letters[dice.randrange(len(letters))] = dice.choice(LATIN)
        yield "".join(letters)


def piled(dice: random.Random) -> Iterator[str]:
    return ("".join(c + "".join(dice.choices(MARKS, k=8)) for c in word) for word in words(dice, LATIN))


def of_all_scripts(dice: random.Random) -> Iterator[str]:
    while True:
        yield next(words(dice, dice.choice(list(ALPHABETS.values()))))


Family = Callable[[random.Random, int], str]
FAMILIES: dict[str, Family] = {
    **{f"random {k}": lambda dice, n, a=a: filled(words(dice, a), n) for k, a in ALPHABETS.items()},
    **{k: lambda dice, n, p=p: (p * n)[:n] for k, p in PARAGRAPHS.items()},
    **{f"one word {k}": lambda dice, n, a=a: next(words(dice, a, n, n)) for k, a in ALPHABETS.items()},
    "clauses": lambda dice, n: filled(words(dice, LATIN, 4, 8), n, ", "),
    "sentences": lambda dice, n: filled(words(dice, CYRILLIC, 4, 8), n, ". "),
    "letters": lambda dice, n: filled(words(dice, KAZAKH, 1, 1), n),
    "mistyped": lambda dice, n: filled(mistyped(dice), n),
    "two typed as one, mistyped": lambda dice, n: filled(mistyped(dice, 2), n),
    "many typed as one": lambda dice, n: filled(mistyped(dice, 6), n),
    "all typed as one": lambda dice, n: next(mistyped(dice, n // 8))[:n],
    "questions": lambda dice, n: filled(
        ("how long is the " + dice.choice(SUBJECTS) for _ in iter(int, 1)), n, ", and "
    ),
    "ligatures": lambda dice, n: "\ufdfa" * n,
    "ligatures in clauses": lambda dice, n: filled(words(dice, "\ufdfaﬃ㍍㌔", 3, 9), n, ", "),
    "roman numerals": lambda dice, n: next(words(dice, "ⅶⅷⅦⅧ", n, n)),
    "zalgo": lambda dice, n: filled(piled(dice), n),
    "marks": lambda dice, n: "a" + "\u0345" * (n // 3) + "\u0301" * (n // 3) + "\u0327" * (n // 3),
    "spaces": lambda dice, n: "death penalty" + " " * (n - 20) + "of whom",
    "stops": lambda dice, n: "death penalty" + "." * (n - 20) + "of whom",
    "percents": lambda dice, n: "% ." * (n // 3),
    "emoji": lambda dice, n: "".join(dice.choices("😀🙂👍❤️🇰🇿", k=n)),
    "words and emoji": lambda dice, n: filled(words(dice, LATIN), n, "😀"),
    "digits": lambda dice, n: next(words(dice, string.digits, n, n)),
    "numbers": lambda dice, n: filled(words(dice, string.digits, 1, 4), n),
    "mixed scripts": lambda dice, n: filled(of_all_scripts(dice), n),
    "scripts mixed in words": lambda dice, n: filled(words(dice, LATIN + CYRILLIC + ARABIC), n),
}


def cost(service: Service, question: str) -> float:
    before = time.process_time()
    service.ask(question)
    return time.process_time() - before


@pytest.fixture(scope="module")
def ordinary(service: Service) -> float:
    """Seconds that a question takes which has a typing error that nobody has made before."""
    dice = random.Random(1)
    asked = (f"how does {next(mistyped(dice))} {next(mistyped(dice))} work" for _ in range(ORDINARY))
    return median([cost(service, question) for question in asked][ORDINARY // 3 :])


@pytest.mark.parametrize("size", [TELEGRAM, LONGEST, 256])
@pytest.mark.parametrize("family", FAMILIES)
def test_no_message_takes_many_times_an_ordinary_question(
    service: Service, ordinary: float, family: str, size: int
) -> None:
    """The cheapest of three, each with other words, so that a busy machine does not tell."""
    taken = (cost(service, FAMILIES[family](random.Random(f"{family} {n}"), size)) for n in range(3))
    assert min(taken) < TIMES * ordinary


def test_so_many_unknown_words_are_mended_and_no_more() -> None:
    known = {"".join(three) * 3: 5 for three in zip(LATIN, LATIN[3:], LATIN[7:], strict=False)}
    typed = [word[:-1] for word in known]
    fixed, _, repairs = Repairer(known).repair(typed)
    assert len(typed) > MOST_MENDED == len(repairs)
    assert fixed[MOST_MENDED:] == typed[MOST_MENDED:]


def test_known_and_real_words_take_nothing_of_the_budget() -> None:
    real = [f"real{letter}" for letter in LATIN]
    known = {"president": 5}
    repairer = Repairer(known, real=lambda word: word in real)
    assert repairer.repair([*real, *["president"] * 30, "presidnt"])[0][-1] == "president"


def test_a_mistake_made_again_and_again_counts_once() -> None:
    fixed, _, _ = Repairer({"president": 5}).repair(["presidnt"] * 40)
    assert fixed == ["president"] * 40


def test_a_word_longer_than_any_is_left_alone() -> None:
    word = "president" * (LONGEST_WORD // 9 + 1)
    assert Repairer({"president": 5}).repair([word])[0] == [word]
    assert Language(traits("en")).stem("s" * (LONGEST_WORD + 1)) == "s" * (LONGEST_WORD + 1)


@pytest.mark.parametrize("sign", ["\ufdfa", "㍍", "ⅷ", "½"])
def test_what_one_sign_stands_for_is_cut_as_well(sign: str) -> None:
    assert len(text.clean(sign * TELEGRAM)) <= text.LONGEST
    assert len(unicodedata.normalize("NFKC", sign * TELEGRAM)) > text.LONGEST


def test_a_question_too_long_in_full_letters_is_not_read(service: Service) -> None:
    assert service.ask("how long can the president rule, " + "\ufdfa" * 300).verdicts == ()


def test_of_the_longest_messages_both_ends_are_looked_at_for_danger() -> None:
    """Who is in danger says so in the beginning or comes to it in the end."""
    typed = [str(n) for n in range(1000)]
    read, pieces, _ = guard._cut([[typed]])
    assert read[:200] == typed[:200]
    assert read[-100:] == typed[-100:]
    assert len(read) < 500
    assert (pieces[0][0], max(last for _, last in pieces)) == (0, len(read))
    assert guard._cut([[typed[:300]]])[0] == typed[:300]


def test_blanks_and_stops_in_a_row_are_walked_through_once() -> None:
    """Once from each of them would take minutes."""
    before = time.process_time()
    for row in (" " * 100_000, "." * 100_000, ", " * 50_000, " \n" * 50_000):
        sentences(f"one two{row}three four")
        list(cuts._halves(f"one two{row}three four", cuts.between(("and",)))) if "," not in row else None
    assert time.process_time() - before < 10


class CountingJudge(Judge):
    """Counts what it is asked."""

    asked = 0

    def decide(self, question: str, preferred: str | None = None) -> Verdict:
        self.asked += 1
        return super().decide(question, preferred)


def test_a_message_of_many_clauses_is_cut_at_few_places(shipped: tuple[object, dict[str, Matcher]]) -> None:
    judge = CountingJudge(shipped[1])
    question = (
        "how long can the president rule and is defamation a crime and who elects the mayors "
        "and is there a quota and was it signed, tell me"
    )
    assert len(list(cuts._halves(question, cuts._boundary(judge)))) > cuts.MOST
    decide_parts(judge, question, "en")
    assert cuts.MOST < judge.asked <= 1 + 2 * cuts.MOST


def test_what_is_about_one_thing_is_not_cut_at_all(shipped: tuple[object, dict[str, Matcher]]) -> None:
    judge = CountingJudge(shipped[1])
    decide_parts(judge, "zxcvb qwert, asdfg hjklz, poiuy trewq and mnbvc lkjhg", "en")
    assert judge.asked == 1
