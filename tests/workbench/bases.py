"""A library's FAQ in two languages, fitted in seconds, for the tests of what becomes of questions in vain. No tests here."""

from __future__ import annotations

from pathlib import Path

from bot.kb.listing import digest_of
from bot.open.base import open_service
from bot.service import Service
from tests.fitted import PLACE, alone
from tests.kb_bases import fitted_soon, small_base

HEAD = {
    "en": 'topic:\n  title: The library\n  emoji: "📚"\n  order: 3\n  command: The library\nentries:\n',
    "ru": "topic:\n  title: Библиотека\n  command: Библиотека\nentries:\n",
}
# entry -> language -> question, answer, phrases
ENTRIES = {
    "opening-hours": {
        "en": ("When is the library open?", "It is open from nine to six.",
               ["opening hours", "what time do you close", "are you open on Saturday", "working hours of the library",
                "is it closed on Sunday", "until when are you open"]),
        "ru": ("Когда открыта библиотека?", "Она открыта с девяти до шести.",
               ["часы работы", "до скольки вы работаете", "вы открыты в субботу", "режим работы библиотеки",
                "в воскресенье закрыто", "во сколько открываетесь"]),
    },
    "fee": {
        "en": ("What does a reader's card cost?", "A card costs nothing.",
               ["price of the card", "is membership free", "how much do I pay to join", "cost of a library card",
                "do I have to pay for the card", "membership fee"]),
        "ru": ("Сколько стоит читательский билет?", "Билет выдают бесплатно.",
               ["цена билета", "запись бесплатная", "сколько платить за запись", "стоимость читательского билета",
                "нужно ли платить за билет", "членский взнос"]),
    },
    "loan-period": {
        "en": ("How long may I keep a book?", "A book may be kept for three weeks.",
               ["for how long can I borrow", "loan period", "when must I return a book", "number of weeks for a loan",
                "how many days may I keep it", "return date of a novel"]),
        "ru": ("На сколько выдают книгу?", "Книгу выдают на три недели.",
               ["на какой срок можно взять", "срок выдачи", "когда вернуть книгу", "на сколько недель дают",
                "сколько дней можно держать", "дата возврата романа"]),
    },
    "fines": {
        "en": ("What happens if a book is late?", "A reminder is sent, and there is no fine.",
               ["is there a fine", "penalty for returning late", "I forgot to return it in time", "overdue books",
                "what if I am late", "do you charge for delay"]),
        "ru": ("Что будет, если задержать книгу?", "Придёт напоминание, штрафа нет.",
               ["есть ли штраф", "наказание за опоздание", "я забыл сдать вовремя", "просроченные книги",
                "что если опоздаю", "берёте ли пеню за задержку"]),
    },
    "children": {
        "en": ("May children come alone?", "Children from the age of seven may come alone.",
               ["can my son visit without me", "kids unaccompanied", "minimum age for a visit", "is a parent needed",
                "daughter of six by herself", "children's section rules"]),
        "ru": ("Можно ли детям приходить одним?", "Дети с семи лет могут приходить одни.",
               ["может ли сын прийти без меня", "дети без взрослых", "с какого возраста пускают", "нужен ли родитель",
                "дочка шести лет сама", "правила детского отдела"]),
    },
    "printing": {
        "en": ("Can I print there?", "A printer stands on the ground floor.",
               ["where is the printer", "print a document", "photocopier for visitors", "can I scan pages",
                "black and white copies", "printing from a memory stick"]),
        "ru": ("Можно ли там печатать?", "Принтер стоит на первом этаже.",
               ["где принтер", "распечатать документ", "ксерокс для посетителей", "можно ли отсканировать страницы",
                "чёрно-белые копии", "печать с флешки"]),
    },
}  # fmt: skip
REFUSED = {
    "en": ("other-libraries", "I only know this library.",
           ["is the university library bigger", "the library of the next town", "national library address",
            "which libraries are in London", "does the school library lend films", "library of Congress"]),
    "ru": ("other-libraries", "Я знаю только эту библиотеку.",
           ["больше ли университетская библиотека", "библиотека соседнего города", "адрес национальной библиотеки",
            "какие библиотеки есть в Москве", "выдаёт ли школьная библиотека фильмы", "библиотека имени Ленина"]),
}  # fmt: skip

_OPENED: dict[str, Service] = {}


def library(folder: Path) -> Path:
    """The base, written into a folder."""
    base = fitted_soon(small_base(folder))
    for lang, head in HEAD.items():
        (base / lang / "library.yaml").write_text(head + "".join(_entry(name, lang) for name in ENTRIES), "utf-8")
        phrases = "".join(_phrases(name, texts[lang][2]) for name, texts in ENTRIES.items())
        (base / lang / "phrases/library.yaml").write_text(f"# How people ask.\n{phrases}", "utf-8")
        name, say, asked = REFUSED[lang]
        own = f"\n# beyond this house\n{name}:\n  say: {say}\n  near: library\n  phrases:\n"
        with (base / lang / "refusals.yaml").open("a", encoding="utf-8") as file:
            file.write(own + "".join(f'    - "{text}"\n' for text in asked))
    return base


def library_service(folder: Path) -> Service:
    """Fitted once for all processes and opened once in each, as long as the base stays the same, wherever it lies."""
    digest = digest_of(folder) or ""
    if digest not in _OPENED:
        place = PLACE / "library" / "cache"
        with alone(place):
            _OPENED[digest] = open_service(folder, place)
    return _OPENED[digest]


def _entry(name: str, lang: str) -> str:
    question, answer, _ = ENTRIES[name][lang]
    lines = ["    source: gazette-2025-07-10", "    section: agenda"] if lang == "en" else []
    return "\n".join([f"  {name}:", *lines, f"    question: {question}", f"    answer: {answer}"]) + "\n"


def _phrases(name: str, texts: list[str]) -> str:
    return "\n".join([f"{name}:", "  # typed", *(f'  - "{text}"' for text in texts)]) + "\n"
