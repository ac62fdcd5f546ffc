"""Short questions that lean on the answer before ("and women?", "since when?"): read together with its question."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.match.decide.decision import Answer, Judge, SmallTalk, Suggest, Verdict
from bot.match.words import text

_SURE_TALK = 0.6  # share of the probability from which on small talk is not taken for a follow-up
LONGEST = 6  # words of a question that may lean on the one before


def leans(judge: Judge, verdict: Verdict, may_lean: Collection[str] = ()) -> bool:
    """Whether a question may be a follow-up: short, and either without a topic of its own or only half understood.
    `may_lean` is the small talk that may as well ask on."""
    words = verdict.ranking.reading.words
    if len(text.words(verdict.question)) > LONGEST or _surely_talk(judge, verdict, may_lean):
        return False
    return isinstance(verdict.decision, Suggest) or judge.matchers[verdict.ranking.lang].is_bare(words)


def _surely_talk(judge: Judge, verdict: Verdict, may_lean: Collection[str]) -> bool:
    """Small talk, but for what only asks: a bare "when?" is a little like asking the bot's age, "when exactly?" like
    agreeing. Who calls for help, or says what the base has as small talk in just these words, is never taken for asking
    on."""
    if not isinstance(verdict.decision, SmallTalk):
        return False
    matcher, words = judge.matchers[verdict.ranking.lang], verdict.ranking.reading.words
    talk = verdict.ranking.refusal
    unsure = talk is not None and talk.score < _SURE_TALK and verdict.decision.kind in may_lean
    asks = len(words) == 1 or verdict.question.rstrip().endswith("?")
    return not (unsure and asks and not matcher.is_saying(words))


def follow_up(judge: Judge, verdict: Verdict, entry: str, entry_question: str) -> Verdict | None:
    """The verdict on the question after `entry_question`, or None where it does not lead to that entry or its gaps."""
    together = judge.decide(f"{entry_question} {verdict.question}", verdict.decision.lang)
    decision = together.decision
    if not isinstance(decision, Answer) or decision.chosen.label.owner != entry:
        return None
    label = judge.matchers[decision.lang].label_within(verdict.question, entry)
    answer = replace(decision, chosen=replace(decision.chosen, label=label))
    reason = f"read together with the question before ({entry}): {together.reason}"
    return Verdict(verdict.question, answer, together.ranking, reason, together.rankings)
