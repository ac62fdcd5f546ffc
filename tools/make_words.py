"""Writes the table of the words in use of a language, from the list of pyspellchecker (MIT), so that a start need not read it.

    python -m tools.make_words en

For languages whose `dictionary` is pyspellchecker's; without a table, its list is read at the start."""

from __future__ import annotations

import sys

from marisa_trie import Trie

from bot.match.words.lexicon import table_of, words_in_use


def main() -> None:
    for language in sys.argv[1:]:
        path = table_of(language)
        path.parent.mkdir(exist_ok=True)
        words = Trie(words_in_use(language))
        words.save(str(path))
        print(f"{path}: {len(words):,} words, {path.stat().st_size / 1e3:,.0f} kB")


if __name__ == "__main__":
    main()
