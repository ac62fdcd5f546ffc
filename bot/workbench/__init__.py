"""For maintainers: labelled questions asked and counted, questions in vain put together, questions in bulk. Pure; `cli` prints.

Others use: `evaluate` and `evaluation_page`, `unanswered`, `batch`."""
