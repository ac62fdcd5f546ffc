"""Short questions after an answer ("and women?", "since when?"): to what of it, or of what stands beside it, they lead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.languages import text
from bot.match.decide.decision import Answer, Decline, Judge, SmallTalk, Suggest, Verdict
from bot.match.decide.matcher import Candidate
from bot.match.learn.following import LONGEST, Follower
from bot.match.learn.labels import Label
from bot.match.learn.standing import Alone, Lead

_KNOWN = 0.5  # share of the letters that some phrase knows: of what is rather unknown nobody can say where it leads


def leans(judge: Judge, verdict: Verdict) -> bool:
    """Whether a question may be a follow-up: short, and no small talk in just the words that the base has for it, nor what puts
    right what was meant ("the quota, not the term"). What names no subject must ask something."""
    reading = verdict.ranking.reading
    if len(text.words(verdict.question)) > LONGEST or reading.share < _KNOWN:
        return False
    lang, matcher = verdict.ranking.lang, judge.matchers[verdict.ranking.lang]
    if isinstance(verdict.decision, Answer) and judge.sets_aside(verdict.question, lang):
        return False
    talks = isinstance(verdict.decision, SmallTalk) and matcher.is_saying(reading.words)
    return not talks and (_asks(judge, verdict) or not matcher.is_bare(reading.words))


def _asks(judge: Judge, verdict: Verdict) -> bool:
    asked = judge.matchers[verdict.ranking.lang].index.asked
    return verdict.question.rstrip().endswith("?") or asked.kind_of(verdict.ranking.reading.words) is not None


def follow_up(
    judge: Judge, follower: Follower, verdict: Verdict, entry: str, may_lean: Collection[str] = ()
) -> Verdict:
    """The verdict on a question that leans on the answer of `entry`, or the same where it stands for itself. What asks about
    another place stays in any case. `may_lean` is the small talk that may as well ask on."""
    if _is_talk(judge, verdict, may_lean):
        return verdict
    reading, lang = verdict.ranking.reading, verdict.ranking.lang
    sure, only_asks = _is_beyond_doubt(judge, verdict), not judge.matchers[lang].index.asked.without(reading.words)
    bare = (only_asks or judge.matchers[lang].is_bare(reading.words)) and not (sure and _asks_for_the_whole(verdict))
    lead = follower.lead(entry, reading.words, reading.trust, by_itself(verdict, bare, may_lean, follower))
    if lead.stands:
        return verdict
    if lead.label is None:
        return verdict if isinstance(verdict.decision, Answer) and not bare else _nowhere(verdict, entry, lead)
    if judge.matchers[lang].is_elsewhere(reading.words, lead.label.owner):
        return verdict
    if (
        sure
        and _is_answer(verdict, lead.label)
        and follower.names(entry, reading.words)
        and not _goes_on(judge, verdict)
    ):
        return verdict  # the whole question, asked again
    chosen = Candidate(lead.label, lead.probability)
    reason = f"after {entry} it leads to {lead.label} with {lead.probability:.2f}"
    ranking = replace(verdict.ranking, candidates=(chosen, *verdict.ranking.candidates))
    return Verdict(verdict.question, Answer(lang, chosen), ranking, reason, verdict.readings)


def _is_talk(judge: Judge, verdict: Verdict, may_lean: Collection[str]) -> bool:
    """Whether it is small talk in the base's own words, and such as never asks on."""
    decision = verdict.decision
    leans_not = isinstance(decision, SmallTalk) and decision.kind not in may_lean and not _asks(judge, verdict)
    return leans_not and judge.is_talk(verdict)


def _is_beyond_doubt(judge: Judge, verdict: Verdict) -> bool:
    limits = judge.thresholds[verdict.ranking.lang]
    return isinstance(verdict.decision, Answer) and verdict.ranking.score >= max(limits.strict, limits.answer)


def _is_answer(verdict: Verdict, label: Label) -> bool:
    return isinstance(verdict.decision, Answer) and verdict.decision.chosen.label == label


def _goes_on(judge: Judge, verdict: Verdict) -> bool:
    """Whether the question begins with a word that joins it to what was said before: "and in the regions?"."""
    said = text.normalise(verdict.question)
    joining = judge.matchers[verdict.ranking.lang].language.traits.joining
    return any(said.startswith(f"{text.normalise(word)} ") for word in joining)


def _asks_for_the_whole(verdict: Verdict) -> bool:
    """Whether an entry is asked for and no gap of one: "in which year?" asks for a gap of any."""
    return isinstance(verdict.decision, Answer) and verdict.decision.chosen.label.gap is None


def by_itself(verdict: Verdict, bare: bool, may_lean: Collection[str], follower: Follower) -> Alone | None:
    """What the question comes to by itself; None for one that names no subject (`bare`), unless it is small talk that never
    asks on."""
    decision, refusal, reading = verdict.decision, verdict.ranking.refusal, verdict.ranking.reading
    talk = isinstance(decision, SmallTalk)
    if bare and not (isinstance(decision, SmallTalk) and decision.kind not in may_lean):
        return None
    return Alone(
        verdict.ranking.score,
        isinstance(decision, Answer),
        isinstance(decision, Suggest),
        talk,
        refusal.score if refusal and verdict.ranking.refused else 0.0,
        len(reading.words),
        1 - reading.share,
        isinstance(decision, Answer) and follower.names(decision.chosen.label.owner, reading.words),
    )


def _nowhere(verdict: Verdict, entry: str, lead: Lead) -> Verdict:
    near = verdict.decision.choices if isinstance(verdict.decision, Suggest) else ()
    reason = f"after {entry} it leads nowhere with {lead.probability:.2f}"
    decision = Decline(verdict.ranking.lang, None, near, after=entry)
    return Verdict(verdict.question, decision, verdict.ranking, reason, verdict.readings)
