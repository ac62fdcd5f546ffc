"""Two bases asked the same questions: which of them get another answer, and which texts are others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from bot.kb.model import KnowledgeBase, one_line
from bot.service import Service
from bot.workbench.cases import Case
from bot.workbench.evaluate import evaluate, reply_in_words
from bot.workbench.runs import Comparison, Run, compare, in_short, two_lines
from bot.workbench.texts import ChangedText, PhraseChange, changed_phrases, changed_texts

_WIDTH = 160  # characters of a text that is shown


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two bases, by the name that people know it by."""

    name: str
    digest: str
    entries: int
    phrases: int

    @classmethod
    def of(cls, name: str, base: KnowledgeBase) -> Side:
        texts = [text for entry in base.entries.values() for text in entry.texts.values()]
        return cls(name, base.digest[:8], len(base.entries), sum(len(text.phrases) for text in texts))

    def __str__(self) -> str:
        return f"{self.name}, digest {self.digest}: {self.entries:,} entries, {self.phrases:,} phrases"


@dataclass(frozen=True, slots=True)
class Logged:
    """A question that somebody asked in vain; nobody has said what would be right."""

    lang: str
    question: str
    old: str
    new: str

    @property
    def answered(self) -> bool:
        return self.new.startswith("answer") and not self.old.startswith("answer")


@dataclass(frozen=True, slots=True)
class Diff:
    """`logged` holds those that changed, of `logged_size`."""

    old: Side
    new: Side
    cases: Comparison
    logged: tuple[Logged, ...]
    logged_size: int
    texts: tuple[ChangedText, ...]
    phrases: tuple[PhraseChange, ...]

    @property
    def asked(self) -> int:
        return self.cases.compared + self.logged_size

    def document(self) -> dict[str, object]:
        """For JSON."""
        return {
            "old": asdict(self.old),
            "new": asdict(self.new),
            "asked": {"labelled": self.cases.compared, "logged": self.logged_size},
            "more": self.cases.more,
            **{
                name: [asdict(one) for one in getattr(self.cases, name)]
                for name in ("better", "worse", "other")
            },
            "logged": [asdict(one) for one in self.logged],
            "texts": [asdict(one) for one in self.texts],
            "phrases": [asdict(one) for one in self.phrases],
        }  # fmt: skip


def difference(
    old: tuple[str, Service],
    new: tuple[str, Service],
    cases: Sequence[Case] = (),
    logged: Iterable[tuple[str, str]] = (),
) -> Diff:
    """Each base with its name; `logged` are (language, question)."""
    runs = [_run(service, cases) for _, service in (old, new)]
    once = list(dict.fromkeys(logged))
    asked = [Logged(lang, text, _ask(old[1], text, lang), _ask(new[1], text, lang)) for lang, text in once]
    bases = old[1].base, new[1].base
    return Diff(
        Side.of(old[0], bases[0]),
        Side.of(new[0], bases[1]),
        compare(*runs),
        tuple(one for one in asked if one.old != one.new),
        len(asked),
        tuple(changed_texts(*bases)),
        tuple(changed_phrases(*bases)),
    )


def _run(service: Service, cases: Sequence[Case]) -> Run:
    return Run.of(evaluate(service.ask, cases).results, "", service.base.digest[:8], 0.0)


def _ask(service: Service, question: str, lang: str) -> str:
    known = lang if lang in service.base.languages else None
    return reply_in_words(service.ask(question, known))


def counts(found: Diff) -> str:
    """How many questions were asked and how many get another answer."""
    cases = found.cases
    said = [f"{_many(cases.compared, 'labelled question')}: {in_short(cases)}"] if cases.compared else []
    if found.logged_size:
        now = sum(one.answered for one in found.logged)
        said.append(
            f"{found.logged_size:,} logged ones: {len(found.logged)} get another reply, {now} are answered now."
        )
    said.append(f"{_many(len(found.texts), 'text')} changed.")
    return " ".join(said)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def as_lines(found: Diff, every: bool = False) -> Iterator[str]:
    """For a terminal: the worst first, each question with its old and its new answer. Without `every` those that got no
    answer before and get none now, only another offer or another refusal, are counted."""
    yield one_line(f"old  {found.old}")
    yield one_line(f"new  {found.new}")
    yield counts(found)
    other = tuple(one for one in found.cases.other if every or one.after.answered or one.before.answered)
    for name, changes in (("worse", found.cases.worse), ("better", found.cases.better), ("other", other)):
        for change in changes:
            yield from two_lines(change, name)
    if few := len(found.cases.other) - len(other):
        yield f"other: {few:,} more without an answer, as before, with another offer or refusal (--all lists them)"
    for one in found.logged:
        yield one_line(f"logged: [{one.lang}] {one.question}")
        yield one_line(f"    old  {one.old}")
        yield one_line(f"    new  {one.new}")
    for text in found.texts:
        yield one_line(f"text: {text.what} [{text.lang}] {text.part}")
        yield one_line(f"    old  {shortened(text.old)}")
        yield one_line(f"    new  {shortened(text.new)}")
    for phrases in found.phrases:
        yield one_line(f"phrases: {phrases.what} [{phrases.lang}] +{phrases.added} -{phrases.removed}")


def shortened(text: str, most: int = _WIDTH) -> str:
    text = " ".join(text.split())
    return "-" if not text else text if len(text) <= most else f"{text[: most - 1]}…"
