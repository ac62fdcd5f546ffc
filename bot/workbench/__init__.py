"""For maintainers: labelled questions asked and counted, two bases held against each other, questions in vain put together
and dealt with, questions in bulk. Pure, but for `runs` (keeps the last run), `revisions` (reads git) and `trial` (writes what is tried);
`cli` prints.

Others use: `cases`, `evaluate`, `evaluation_text` and `evaluation_page`, `bars`, `caution` and `runs` to judge a base, `diff`,
`diff_markdown` and `revisions` to compare two, `unanswered` and `unanswered_page` on `asked_again`, `chosen` and `trial` for what becomes of a
question, `batch`; of the files of a base `scaffolds`, `exchange` and `editing`."""
