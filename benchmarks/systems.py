"""The systems compared: each learns from (entry, phrase) pairs and names one entry for a question."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.data_sets import DataSet

Answer = Callable[[str], str]


def reformbot(data: DataSet) -> Answer:
    from bot.languages.packs import traits
    from bot.match.decide.matcher import Matcher

    matcher = Matcher.from_pairs(data.pairs, language=traits(data.language))

    def answer(question: str) -> str:
        found = matcher.rank(question, 1).candidates
        return found[0].label.owner if found else ""

    return answer


def token_set_ratio(data: DataSet) -> Answer:
    from rapidfuzz import fuzz, process, utils

    phrases = [utils.default_process(phrase) for _, phrase in data.pairs]

    def answer(question: str) -> str:
        best = process.extractOne(utils.default_process(question), phrases, scorer=fuzz.token_set_ratio)
        return data.pairs[best[2]][0]

    return answer


def bm25(data: DataSet) -> Answer:
    import bm25s

    index = bm25s.BM25()
    index.index(bm25s.tokenize([phrase for _, phrase in data.pairs], show_progress=False), show_progress=False)

    def answer(question: str) -> str:
        tokens = bm25s.tokenize([question], show_progress=False, return_ids=False)
        found, _ = index.retrieve(tokens, k=1, show_progress=False)
        return data.pairs[int(found[0][0])][0]

    return answer


def logistic_regression(data: DataSet) -> Answer:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    features = make_union(
        TfidfVectorizer(sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    model = make_pipeline(features, LogisticRegression(C=30, max_iter=1000))
    model.fit([phrase for _, phrase in data.pairs], [entry for entry, _ in data.pairs])
    return lambda question: str(model.predict([question])[0])


SYSTEMS: dict[str, Callable[[DataSet], Answer]] = {
    "rapidfuzz token_set_ratio": token_set_ratio,
    "bm25s": bm25,
    "scikit-learn TF-IDF + logistic regression": logistic_regression,
    "reformbot": reformbot,
}

PEERS = {
    "bm25s": "bm25s",
    "scikit-learn TF-IDF + logistic regression": "sklearn",
}  # what of the extra `bench` they need
