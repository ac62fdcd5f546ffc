"""From letters to words: other keyboards and alphabets undone, stems, and slips repaired. Pure.

Others use: `language` for words, stems and groups, `reading`, `repair`, `lexicon`, `negation`, and
`frames` for what an expression tells of a question."""
