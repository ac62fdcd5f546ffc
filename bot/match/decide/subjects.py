"""What entries and topics are called in their own texts: a question that is but such a word asks for them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

MOST = 2  # content words of a question that only names something
Roots = frozenset[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """`titles` are what names a thing (an entry's question, its short form); `figures` are what else its answer names."""

    titles: tuple[str, ...]
    figures: tuple[str, ...] = ()


class Subjects:
    """The entries and topics of a base in one language. `roots` makes comparable words of what names something."""

    def __init__(
        self,
        roots: Callable[[str], Iterable[str]],
        entries: Mapping[str, Subject],
        topics: Mapping[str, str],
    ) -> None:
        self._titles = {name: _of(roots, one.titles) for name, one in entries.items()}
        self._figures = {name: _of(roots, one.figures) for name, one in entries.items()}
        self._topics = {name: _of(roots, (title,)) for name, title in topics.items()}

    def holders(self, words: Roots) -> tuple[str, ...]:
        """The entries that are called so; else those whose figures are among these words, too."""
        called = tuple(name for name, own in self._titles.items() if words <= own)
        return called or tuple(name for name, own in self._titles.items() if words <= own | self._figures[name])

    def topic(self, words: Roots) -> str | None:
        """The one topic with just this name."""
        found = [name for name, own in self._topics.items() if own and words == own]
        return found[0] if len(found) == 1 else None


def _of(roots: Callable[[str], Iterable[str]], texts: Iterable[str]) -> Roots:
    return frozenset(root for one in texts for root in roots(one))
