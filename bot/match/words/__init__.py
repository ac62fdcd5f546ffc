"""From letters to words: one normal form, other keyboards and alphabets undone, stems, and slips repaired. Pure.

Others use: `text` for the normal form, `language` for stems and groups, `reading`, `repair`, `lexicon`, and
`frames` for what an expression tells of a question."""
