"""From what a person typed to words that compare: one normal form for phrases and questions alike. No I/O, no state."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[\t\r\n\v\f\u0085\u2028\u2029]+")
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ud800-\uf8ff\ufe00-\ufe0f\ufeff\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# What a message may cost: as long as Telegram's longest, though a single sign may become 18 letters when it is normalised.
# Putting the marks above a letter in order takes the square of their number: 43 ms for 4,096 of them, 0.1 ms for 30 at a
# time, which is as many as Unicode's stream-safe format lets stand together. No word stands in such a row of signs.
LONGEST = 4096
_PILED = re.compile(r"([^\w\s]{30})[^\w\s]+")
_MARKS = re.compile("[\u0300-\u036f]+")  # stress and the like; й, ё and ї are whole by then
_STRESSED = str.maketrans("ѐѝİ", "еиI")
_TAG = re.compile(r"</?(?!(?:script|style|iframe|object|svg)\b)[a-zA-Z][^<>]{0,200}>", re.IGNORECASE)  # not of programs
_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\bt\.me/\S+", re.IGNORECASE)
_APOSTROPHES = re.compile("['’‘`´ʼʹ′]")
_THOUSANDS = re.compile(r"(?<=\d)[,.\u00a0\u202f ](?=\d{3}(?!\d))")
_ORDINAL = re.compile(r"(?<=\d)(?:-[^\W\d_]{1,4}|(?:st|nd|rd|th))(?![^\W_])", re.IGNORECASE)
_THE_STATES = re.compile(r"(?<!\blet )(?<!\btell )(?<!\bgive )(?<!\bhelp )\bUSA?\b|\bU\.\s?S\b\.?(?:\s?A\b\.?)?")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")
_PERCENT = re.compile(r"%[%\s]*")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_SENTENCE = re.compile(r"(?<=[.?!;…])\s+|(?<!\s)\s*\n\s*")
_LATIN_AS_CYRILLIC = str.maketrans("aceopxykhmtbiáéóý", "асеорхукнмтвіаеоу")
_CYRILLIC_AS_LATIN = str.maketrans("асеорхукнмті", "aceopxykhmti")
_KAZAKH_FOLD = str.maketrans("әғқңөұүһіїў", "агкноуухиіу")

_QWERTY = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
_ЙЦУКЕН = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
_TO_RUSSIAN_KEYS = str.maketrans(_QWERTY, _ЙЦУКЕН)
_TO_LATIN_KEYS = str.maketrans(_ЙЦУКЕН, _QWERTY)

_LATIN_PAIRS = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("gh", "г"), ("ts", "ц"), ("tz", "ц"), ("ch", "ч"),
    ("sh", "ш"), ("yu", "ю"), ("iu", "ю"), ("ju", "ю"), ("ya", "я"), ("ja", "я"), ("yo", "е"), ("jo", "е"),
    ("ye", "е"), ("je", "е"),
)  # fmt: skip
_KAZAKH_PAIRS = tuple(pair for pair in _LATIN_PAIRS if "j" not in pair[0])  # there j is ж
_LATIN_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyzışğñöüäóúáəć", "абкдефгхижклмнопкрстуввхызышгноуаоуаач")

_ARABIC = re.compile("[\u0621-\u06ff]")
_FRONT = re.compile("[ءكگە]")
_SHORT_I = re.compile("(?<=[аәеоөұүыі])и")
_FRONT_VOWELS = str.maketrans("اوۇى", "әөүі")
_ARABIC_LETTERS = str.maketrans("ابۆگعدەجزيكقلمنڭوپرستۋۇفحھچشى؟،", "абвгғдежзикқлмнңопрстуұфхһчшы?,", "ء")


def strip_invisible(text: str) -> str:
    """The text without zero-width, bidirectional and control characters (line breaks and tabs become spaces)."""
    return _INVISIBLE.sub("", _BREAKS.sub(" ", text))


def clean(text: str) -> str:
    """What a person meant to say, still readable: without markup, links, stress marks and invisible characters. Reads
    `LONGEST` characters."""
    text = _PILED.sub(r"\1", strip_invisible(text[:LONGEST]))
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text)[:LONGEST]).translate(_STRESSED)
    return " ".join(_LINK.sub(" ", _TAG.sub(" ", text)).split())


def words(text: str) -> list[str]:
    """Comparable words, in order: case-folded, ё as е, ı as i, apostrophes dropped, `1,500` and `144th` as plain numbers."""
    text = clean(text)
    if any(map(str.islower, text)):
        text = _THE_STATES.sub(" USA ", text)
    text = _APOSTROPHES.sub("", text.casefold().replace("ё", "е").replace("ı", "i"))
    text = _ORDINAL.sub("", _THOUSANDS.sub("", text))
    return [_one_script(word) for word in _WORD.findall(_PERCENT.sub(" percent ", text))]


def sentences(text: str) -> list[str]:
    """The sentences and lines of a message that have a word."""
    return [part for part in _SENTENCE.split(text) if _WORD.search(part)]


def normalise(text: str) -> str:
    """The words joined by single spaces; empty for a text without words."""
    return " ".join(words(text))


def is_cyrillic(text: str) -> bool:
    """Whether most letters of the text are Cyrillic."""
    return 2 * len(_CYRILLIC.findall(text)) > len(_LETTER.findall(text))


def fold_kazakh(word: str) -> str:
    """The word as it is typed on a keyboard without Kazakh letters: `қалай` -> `калай`."""
    return word.translate(_KAZAKH_FOLD)


def swap_layout(text: str) -> str:
    """The same keys on the other keyboard: `jv,elcvty` -> `омбудсмен`, `вуфер` -> `death`."""
    return text.translate(_TO_LATIN_KEYS if is_cyrillic(text) else _TO_RUSSIAN_KEYS)


def to_cyrillic(text: str, *, kazakh: bool = False) -> str:
    """Russian or Kazakh in Latin letters, back in Cyrillic as well as rules can: `smertnaya kazn` -> `смертная казн`."""
    text = text.casefold()
    for latin, cyrillic in _KAZAKH_PAIRS if kazakh else _LATIN_PAIRS:
        text = text.replace(latin, cyrillic)
    return text.translate(_LATIN_LETTERS)


def is_arabic(text: str) -> bool:
    """Whether some of the letters are Arabic ones."""
    return bool(_ARABIC.search(text))


def from_arabic(text: str) -> str:
    """Kazakh in Arabic letters, as in China, in Cyrillic ones: `ءولىم جازاسى` -> `өлім жазасы`. Vowels are front ones in words
    with a hamza or one of the letters that stand beside such vowels only."""
    words = [word.translate(_FRONT_VOWELS if _FRONT.search(word) else {}) for word in text.split(" ")]
    return _SHORT_I.sub("й", " ".join(words).translate(_ARABIC_LETTERS))


def _one_script(word: str) -> str:
    """A word that mixes look-alike letters of two scripts (`cмертная`), in the script of most of its letters."""
    cyrillic = len(_CYRILLIC.findall(word))
    if not 0 < cyrillic < len(word):
        return word
    return word.translate(_LATIN_AS_CYRILLIC if cyrillic * 2 >= len(word) else _CYRILLIC_AS_LATIN)
