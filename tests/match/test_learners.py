"""The two learners: kernel for small bases, linear for large ones. Both learn what can be told apart, whatever the sizes."""

from __future__ import annotations

import numpy as np
import pytest

from bot.languages.packs import traits
from bot.match.learn import kernel, linear
from bot.match.learn.dealing import keys_of
from bot.match.learn.features import Floats, Ints, Rows, Vocabulary, features
from bot.match.words.language import Language

ENGLISH = Language(traits("en"))
PHRASES = [
    (0, "when do you open"), (0, "opening times"), (0, "at what time do you open"), (0, "are you open on sunday"),
    (1, "how much is it"), (1, "what does it cost"), (1, "price of a ticket"), (1, "is it expensive"),
    (2, "where are you"), (2, "address of the museum"), (2, "how do i get there"), (2, "which street"),
]  # fmt: skip
Learnt = tuple[Vocabulary, Rows, Ints, list[str]]


def prepared(phrases: list[tuple[int, str]]) -> Learnt:
    raw = [features(ENGLISH, ENGLISH.words(text)) for _, text in phrases]
    labels = np.array([label for label, _ in phrases], np.int32)
    vocabulary = Vocabulary.learn(raw, labels.tolist())
    return vocabulary, vocabulary.matrix(raw), labels, [text for _, text in phrases]


def gram_of(vocabulary: Vocabulary, rows: Rows, texts: list[str]) -> Floats:
    return kernel.gram_matrix(rows, kernel.Columns.of(rows, len(vocabulary)), texts)


def linear_scores(phrases: list[tuple[int, str]], classes: int = 3, epochs: int = linear.EPOCHS) -> tuple[Floats, Ints]:
    vocabulary, rows, labels, texts = prepared(phrases)
    weights = linear.fit_linear(rows, labels, classes, len(vocabulary), keys_of(texts), epochs=epochs)
    return linear.scores(rows, weights), labels


def kernel_scores(phrases: list[tuple[int, str]], classes: int = 3) -> tuple[Floats, Ints]:
    vocabulary, rows, labels, texts = prepared(phrases)
    gram = gram_of(vocabulary, rows, texts)
    return gram @ kernel.fit_kernel(gram, labels, classes), labels


def loss(scores: Floats, labels: Ints) -> float:
    shifted = scores - scores.max(axis=1, keepdims=True)
    shares = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    return float(-np.log(shares[np.arange(len(labels)), labels]).mean())


LEARNERS = pytest.mark.parametrize("scored", [linear_scores, kernel_scores])


@LEARNERS
def test_what_can_be_told_apart_is_learnt(scored) -> None:
    scores, labels = scored(PHRASES)
    assert (scores.argmax(axis=1) == labels).all()


@LEARNERS
def test_the_training_loss_falls_below_that_of_knowing_nothing(scored) -> None:
    """A kernel that is not positive definite breaks this, silently but for this test."""
    scores, labels = scored(PHRASES)
    assert loss(scores, labels) < 0.5 * np.log(3)


@LEARNERS
def test_a_phrase_twice_harms_nothing(scored) -> None:
    scores, labels = scored([*PHRASES, *PHRASES[:3], *PHRASES[:3]])
    assert (scores.argmax(axis=1) == labels).all()
    assert np.isfinite(scores).all()


@LEARNERS
def test_the_same_phrase_under_two_entries_is_split_between_them(scored) -> None:
    scores, _ = scored([*PHRASES, (0, "tell me more"), (1, "tell me more")])
    assert scores[-1].argmax() in (0, 1)
    assert np.isfinite(scores).all()


@LEARNERS
def test_an_empty_phrase_harms_nothing(scored) -> None:
    scores, labels = scored([*PHRASES, (0, "")])
    assert np.isfinite(scores).all()
    assert (scores[:-1].argmax(axis=1) == labels[:-1]).all()


@LEARNERS
def test_an_entry_with_one_phrase_is_learnt(scored) -> None:
    scores, _ = scored([*PHRASES[:8], (2, "which street")])
    assert scores[-1].argmax() == 2


@LEARNERS
def test_ten_times_as_many_phrases_do_not_drown_the_others(scored) -> None:
    many = [(0, f"when do you open on {day} in week {week}") for day in ("monday", "friday") for week in range(20)]
    scores, labels = scored([*many, *PHRASES[4:]])
    assert (scores[len(many) :].argmax(axis=1) == labels[len(many) :]).all()


@LEARNERS
def test_learning_again_gives_the_same(scored) -> None:
    assert scored(PHRASES)[0].tobytes() == scored(PHRASES)[0].tobytes()


@LEARNERS
def test_a_single_class_is_always_right(scored) -> None:
    scores, _ = scored([(0, text) for _, text in PHRASES[:3]], 1)
    assert scores.shape == (3, 1)
    assert np.isfinite(scores).all()


def test_small_classes_count_by_the_root_of_what_they_lack() -> None:
    weights = linear.class_weights(np.array([0] * 9 + [1], np.int32), 2)
    assert weights[1] / weights[0] == pytest.approx(3.0)


def test_a_class_without_phrases_has_a_weight_all_the_same() -> None:
    assert np.isfinite(linear.class_weights(np.array([0, 0], np.int32), 3)).all()


def test_more_epochs_fit_the_phrases_more_closely() -> None:
    few, labels = linear_scores(PHRASES, epochs=3)
    many, _ = linear_scores(PHRASES, epochs=12)
    assert loss(many, labels) < loss(few, labels)


def test_the_kernel_is_positive_definite_and_symmetric() -> None:
    vocabulary, rows, _, texts = prepared([*PHRASES, *PHRASES[:2], (1, "")])
    gram = gram_of(vocabulary, rows, texts)
    assert np.allclose(gram, gram.T, atol=1e-6)
    assert np.linalg.eigvalsh(gram.astype(np.float64)).min() > -1e-5


def test_a_phrase_is_as_close_to_itself_as_can_be() -> None:
    vocabulary, rows, _, texts = prepared(PHRASES)
    assert np.diag(gram_of(vocabulary, rows, texts)) == pytest.approx(np.ones(len(PHRASES)), abs=1e-5)


def test_the_string_kernel_sees_through_a_typing_error() -> None:
    close, far = kernel.string_kernel(["opening tmies"], ["opening times", "is it expensive"])[0]
    assert close > 0.5 > far


def test_a_question_is_scored_as_the_same_phrase_is() -> None:
    vocabulary, rows, labels, texts = prepared(PHRASES)
    gram = gram_of(vocabulary, rows, texts)
    dual = kernel.fit_kernel(gram, labels, 3)
    first = kernel.first_of(labels, 3)
    learner = kernel.KernelLearner(dual, kernel.Columns.of(rows, len(vocabulary)), tuple(texts), first)
    heard = [learner.heard(*rows.row(i), text) for i, text in enumerate(texts)]
    assert np.stack([scores for scores, _ in heard]) == pytest.approx(gram @ dual, abs=1e-4)
    likest = [[gram[i][labels == one].max() for one in range(3)] for i in range(len(texts))]
    assert np.stack([like for _, like in heard]) == pytest.approx(np.array(likest), abs=1e-4)


def test_a_class_without_phrases_is_like_nothing() -> None:
    found = kernel.nearest(np.array([[0.2, 0.9, 0.4]], np.float32), kernel.first_of(np.array([0, 0, 2], np.int32), 4))
    assert found[0] == pytest.approx(np.array([0.9, 0.0, 0.4, 0.0]))


def test_twice_as_much_in_common_counts_more_than_twice() -> None:
    nothing = np.zeros(2, np.float32)
    half, whole = kernel.mixed(np.array([0.5, 1.0], np.float32), nothing)
    assert whole > 2 * half


def test_a_row_without_features_scores_zero_everywhere() -> None:
    weights = np.ones((4, 3), np.float32)
    empty = Rows.stack([(np.zeros(0, np.int32), np.zeros(0, np.float32))])
    assert linear.scores(empty, weights).tolist() == [[0.0, 0.0, 0.0]]


def test_weights_in_whole_numbers_give_nearly_the_scores_that_were_learnt() -> None:
    vocabulary, rows, labels, texts = prepared(PHRASES)
    weights = linear.fit_linear(rows, labels, 3, len(vocabulary) + 1, keys_of(texts))  # the last column is never met
    wanted = linear.scores(rows, weights)
    learner = linear.LinearLearner.of(weights)
    found = np.array([learner.heard(*rows.row(i), "")[0] for i in range(len(rows))])
    assert (found.argmax(axis=1) == labels).all()
    assert np.abs(found - wanted).max() < 0.02 * wanted.std()
    assert learner.scales[-1] == 0
