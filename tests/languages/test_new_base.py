"""A new FAQ in one language: sources, one topic and its phrases are all it needs; and another language is a folder."""

from __future__ import annotations

import io
import shutil
from functools import cache
from pathlib import Path

import pytest

from bot.channels.terminal import Terminal
from bot.kb.load import check
from bot.open.base import open_service
from bot.reply import Reply, ReplyKind, plain
from bot.service import Service

pytestmark = pytest.mark.gate  # on whole packs, since it is they that are tried

GERMAN = Path(__file__).parents[1] / "data" / "packs" / "de"
CACHE = Path(__file__).parents[2] / ".pytest_cache" / "new-bases"
SOURCES = """\
rules:
  kind: article
  title: {title}
  publisher: {publisher}
  published: 2026-03-01
  language: {lang}
  url: null
"""
TOPIC = """\
topic: {{title: {topic}, emoji: "📚", command: {topic}}}
entries:
  hours: {{source: rules, section: "§ 1", question: {questions[0]}, answer: {answers[0]}}}
  fee: {{source: rules, section: "§ 2", question: {questions[1]}, answer: {answers[1]}}}
  return: {{source: rules, section: "§ 3", question: {questions[2]}, answer: {answers[2]}}}
"""
BASES = {
    "en": {
        "title": "Rules of the town library", "publisher": "Town library", "topic": "The library",
        "questions": ["When is the library open?", "What does a reader's card cost?", "How long may I keep a book?"],
        "answers": ["It is open from nine to six.", "A card is free of charge.", "You may keep it for three weeks."],
        "phrases": [
            ["opening hours", "when do you open", "are you open on Sunday", "closing time", "is it open now"],
            ["price of the card", "is membership free", "how much is a card", "card fee", "do readers pay"],
            ["loan period", "when must the book be back", "return date", "weeks for a loan", "keep a book longer"],
        ],
        "asked": "opening hours please", "source": "Town library, 1 March 2026, § 1", "hello": "good morning",
        "weather": "weather tomorrow", "far": "who invented the steam engine in England", "help": "help me, he will kill me", "number": "112",
    },
    "ru": {
        "title": "Правила городской библиотеки", "publisher": "Городская библиотека", "topic": "Библиотека",
        "questions": ["Когда открыта библиотека?", "Сколько стоит читательский билет?", "На сколько выдают книгу?"],
        "answers": ["Она открыта с девяти до шести.", "Билет выдают бесплатно.", "Книгу выдают на три недели."],
        "phrases": [
            ["часы работы", "во сколько вы открываетесь", "открыто ли в воскресенье", "до скольки работает", "режим работы"],
            ["цена билета", "билет платный", "сколько платить за билет", "плата за запись", "читатели платят"],
            ["срок выдачи", "когда вернуть книгу", "дата возврата", "на сколько недель книга", "продлить книгу"],
        ],
        "asked": "часы работы подскажите", "source": "Городская библиотека, 1 марта 2026\u202fг., § 1", "hello": "доброе утро",
        "weather": "погода на завтра", "far": "кто изобрёл паровую машину в Англии", "help": "помогите, он меня убьёт", "number": "112",
    },
    "kk": {
        "title": "Қалалық кітапхана ережелері", "publisher": "Қалалық кітапхана", "topic": "Кітапхана",
        "questions": ["Кітапхана қашан ашық?", "Оқырман билеті қанша тұрады?", "Кітап қанша уақытқа беріледі?"],
        "answers": ["Ол тоғыздан алтыға дейін ашық.", "Билет тегін беріледі.", "Кітап үш аптаға беріледі."],
        "phrases": [
            ["жұмыс уақыты", "сағат нешеде ашыласыз", "жексенбіде ашық па", "нешеге дейін істейді", "жұмыс кестесі"],
            ["билет бағасы", "билет ақылы ма", "билетке қанша төлеймін", "жазылу ақысы", "оқырман төлей ме"],
            ["беру мерзімі", "кітапты қашан қайтарамын", "қайтару күні", "кітап неше аптаға", "кітап мерзімін ұзарту"],
        ],
        "asked": "жұмыс уақыты қандай", "source": "Қалалық кітапхана, 2026\u202fж. 1 наурыз, § 1", "hello": "қайырлы таң",
        "weather": "ертең ауа райы қандай", "far": "бу машинасын кім ойлап тапты", "help": "көмектесіңдер, ол мені өлтіреді", "number": "112",
    },
}  # fmt: skip
LANGUAGES = tuple(BASES)


def write(folder: Path, lang: str) -> Path:
    """The base of a library in one language: three files."""
    base = {key: _quoted(value) for key, value in BASES[lang].items()}
    (folder / lang / "phrases").mkdir(parents=True)
    (folder / "sources.yaml").write_text(SOURCES.format(lang=lang, **base), encoding="utf-8")
    (folder / lang / "library.yaml").write_text(TOPIC.format(**base), encoding="utf-8")
    lists = zip(("hours", "fee", "return"), BASES[lang]["phrases"], strict=True)
    lines = [f"{entry}: [{', '.join(map(_quoted, phrases))}]\n" for entry, phrases in lists]
    (folder / lang / "phrases" / "library.yaml").write_text("".join(lines), encoding="utf-8")
    return folder


def _quoted(value: object) -> object:
    return [_quoted(one) for one in value] if isinstance(value, list) else f'"{value}"'


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(lang: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("base") / lang, lang)


@pytest.fixture(scope="module")
def service(folder: Path) -> Service:
    return open_service(folder, CACHE)


def said(service: Service, lang: str, key: str) -> Reply:
    return service.ask(str(BASES[lang][key])).reply


def test_it_has_no_problem_and_speaks_one_language(folder: Path, service: Service, lang: str) -> None:
    assert [str(problem) for problem in check(folder)] == []
    assert service.base.languages == (lang,)
    assert service.default == lang


def test_it_answers_and_names_its_source(service: Service, lang: str) -> None:
    reply = said(service, lang, "asked")
    assert [part.entry for part in reply.answers] == ["hours"]
    assert str(BASES[lang]["source"]) in plain(reply)
    assert reply.lang == lang


def test_it_greets_and_says_what_it_answers_from(service: Service, lang: str) -> None:
    reply = said(service, lang, "hello")
    assert reply.kind is ReplyKind.SMALL_TALK
    assert str(BASES[lang]["title"]) in reply.text
    start = service.info("start", lang).text
    assert all(text in start for text in (str(BASES[lang]["title"]), str(BASES[lang]["publisher"]), "2026"))
    assert str(BASES[lang]["questions"][0]) in start
    assert "{" not in start + service.about(lang).text + service.info("ask_usage", lang).text


def test_it_declines(service: Service, lang: str) -> None:
    assert said(service, lang, "far").kind is ReplyKind.DECLINE
    weather = said(service, lang, "weather")
    assert weather.kind is ReplyKind.DECLINE
    assert weather.text == service.base.refusals["weather-and-disasters"].text(lang).say


def test_a_cry_for_help_comes_before_all(service: Service, lang: str) -> None:
    outcome = service.ask(str(BASES[lang]["help"]))
    assert outcome.danger
    assert str(BASES[lang]["number"]) in plain(outcome.reply)
    assert not service.ask(str(BASES[lang]["asked"])).danger


def test_the_terminal_speaks_it(service: Service, lang: str) -> None:
    out = io.StringIO()
    Terminal(service, out, paint=False).answer(str(BASES[lang]["asked"]))
    assert str(BASES[lang]["answers"][0]) in out.getvalue()


@cache
def with_german(folder: Path) -> Service:
    shutil.copytree(GERMAN, folder / "languages" / "de")
    return open_service(folder, CACHE)


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return with_german(write(tmp_path_factory.mktemp("german") / "base", "kk"))


def test_another_language_is_a_folder_of_under_a_hundred_lines() -> None:
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in GERMAN.rglob("*.yaml")) < 100


@pytest.mark.parametrize("question", ["guten Tag", "Hallo!", "hallo bto"])
def test_it_greets_in_the_language_that_was_added(german: Service, question: str) -> None:
    reply = german.ask(question).reply
    assert (reply.lang, reply.kind) == ("de", ReplyKind.SMALL_TALK)


def test_it_declines_and_sees_danger_in_it(german: Service) -> None:
    assert german.ask("Wie wird das Wetter morgen?").reply.text.startswith("Vom Wetter weiß ich nichts")
    outcome = german.ask("Hilfe, mein Mann schlägt mich")
    assert outcome.danger
    assert outcome.reply.text.startswith(german.base.voice("de").danger or "?")


def test_what_it_does_not_say_yet_is_said_in_the_primary_language(german: Service) -> None:
    assert german.base.languages == ("kk", "de")
    assert german.info("privacy", "de").text == german.info("privacy", "kk").text
    reply = german.entry("hours", "de")
    assert reply.lead == (
        "Diese Antwort gibt es noch nicht auf Deutsch, darum hier in einer anderen Sprache: Қазақша.",
    )
    assert reply.answers[0].answer == BASES["kk"]["answers"][0]


def test_its_pack_is_judged_with_the_base(german: Service, tmp_path: Path) -> None:
    base = write(tmp_path / "base", "en")
    shutil.copytree(GERMAN, base / "languages" / "de")
    assert {(one.rule, one.warning) for one in check(base)} == {("voice-missing", True)}
    language = base / "languages" / "de" / "language.yaml"
    language.write_text(language.read_text(encoding="utf-8").replace("german", "klingon"), encoding="utf-8")
    assert "languages/de/language.yaml:3 [wrong-value] stemmer" in "\n".join(map(str, check(base)))


def test_with_a_topic_of_its_own_it_answers(tmp_path: Path) -> None:
    base = write(tmp_path / "base", "en")
    shutil.copytree(GERMAN, base / "languages" / "de")
    (base / "de" / "phrases").mkdir(parents=True)
    (base / "de" / "library.yaml").write_text(
        "topic: {title: Die Bücherei, command: Die Bücherei}\n"
        "entries:\n"
        "  hours: {question: Wann ist die Bücherei geöffnet?, answer: Sie ist von neun bis sechs geöffnet.}\n"
        "  fee: {question: Was kostet der Ausweis?, answer: Der Ausweis ist kostenlos.}\n"
        "  return: {question: Wie lange darf ich ein Buch behalten?, answer: Drei Wochen lang.}\n",
        encoding="utf-8",
    )
    (base / "de" / "phrases" / "library.yaml").write_text(
        "hours: [Öffnungszeiten, wann macht ihr auf, habt ihr sonntags offen]\n"
        "fee: [Preis des Ausweises, kostet die Mitgliedschaft etwas, Gebühr]\n"
        "return: [Leihfrist, wann muss das Buch zurück, Rückgabe]\n",
        encoding="utf-8",
    )
    service = open_service(base, CACHE)
    reply = service.ask("Welche Öffnungszeiten gibt es?").reply
    assert [part.answer for part in reply.answers] == ["Sie ist von neun bis sechs geöffnet."]
    assert "Quelle: Town library, 1. März 2026, § 1" in plain(reply)
    assert service.ask("oeffnungszeiten").reply.lang in ("de", "en")
