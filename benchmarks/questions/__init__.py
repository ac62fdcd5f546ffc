"""Our own labelled questions in three languages as a data set: `python -m benchmarks.questions OUT` writes it."""
