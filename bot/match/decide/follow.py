"""Short questions after an answer ("and women?", "since when?"): to what of it, or of what stands beside it, they lead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.languages import text
from bot.match.decide.decision import Answer, Decline, Judge, SmallTalk, Suggest, Verdict
from bot.match.decide.matcher import Candidate
from bot.match.learn.following import LONGEST, Follower, Lead
from bot.match.learn.labels import Kind

_KNOWN = 0.5  # share of the letters that some phrase knows: of what is rather unknown nobody can say where it leads


def leans(judge: Judge, verdict: Verdict) -> bool:
    """Whether a question may be a follow-up: short, and no small talk in just the words that the base has for it. What
    names no subject must ask something."""
    reading = verdict.ranking.reading
    if len(text.words(verdict.question)) > LONGEST or reading.share < _KNOWN:
        return False
    matcher = judge.matchers[verdict.ranking.lang]
    asks = verdict.question.rstrip().endswith("?") or matcher.index.asked.kind_of(reading.words) is not None
    talks = isinstance(verdict.decision, SmallTalk) and matcher.is_saying(reading.words)
    return not talks and (asks or not matcher.is_bare(reading.words))


def follow_up(
    judge: Judge, follower: Follower, verdict: Verdict, entry: str, may_lean: Collection[str] = ()
) -> Verdict:
    """The verdict on a question that leans on the answer of `entry`. What names its own subject stays as it is, unless it
    more surely leads on; what the highest caution would answer stays in any case; what names none and leads nowhere has no
    answer. `may_lean` is the small talk that may as well ask on."""
    reading, lang = verdict.ranking.reading, verdict.ranking.lang
    bare = judge.matchers[lang].is_bare(reading.words)
    open_ended = bare or _goes_on(judge, verdict)
    away = not any(follower.near(entry, one.label.owner) for one in verdict.ranking.candidates[:1])
    alone = _alone(verdict, bare, open_ended, away, may_lean)
    if alone >= max(judge.thresholds[lang].strict, judge.thresholds[lang].answer):
        return verdict
    lead = follower.lead(entry, reading.words, reading.trust)
    if lead.label is None:
        lost = bare and (not isinstance(verdict.decision, SmallTalk) or verdict.decision.kind in may_lean)
        return _nowhere(verdict, entry, lead) if lost else verdict
    if lead.probability <= alone:
        return verdict
    chosen = Candidate(lead.label, lead.probability)
    reason = f"after {entry} it leads to {lead.label} with {lead.probability:.2f}"
    ranking = replace(verdict.ranking, candidates=(chosen, *verdict.ranking.candidates))
    return Verdict(verdict.question, Answer(lang, chosen), ranking, reason, verdict.readings)


def _goes_on(judge: Judge, verdict: Verdict) -> bool:
    """Whether the question begins with a word that joins it to what was said before: "and in the regions?"."""
    said = text.normalise(verdict.question)
    joining = judge.matchers[verdict.ranking.lang].language.traits.joining
    return any(said.startswith(f"{text.normalise(word)} ") for word in joining)


def _alone(verdict: Verdict, bare: bool, open_ended: bool, away: bool, may_lean: Collection[str]) -> float:
    """How sure it is, 0 to 1, that the question is meant as it stands. One that names no subject (`bare`) is only
    as far as it may be small talk; one that begins with "and" (`open_ended`) only if it is refused; one to which something would be
    offered only if that is far `away` from the answer before."""
    ranking = verdict.ranking
    refused = ranking.refusal.score if ranking.refusal else 0.0
    match verdict.decision:
        case SmallTalk(kind=kind) if kind not in may_lean:
            return refused
        case Answer(chosen=chosen) if not open_ended:
            return chosen.score
        case Suggest() if away and not bare:
            return ranking.score
        case Decline() if ranking.refused and not bare:
            return refused
        case _:
            label = ranking.refusal.label if ranking.refusal else None
            return refused if label and label.kind is Kind.SMALL_TALK and label.owner not in may_lean else 0.0


def _nowhere(verdict: Verdict, entry: str, lead: Lead) -> Verdict:
    near = verdict.decision.choices if isinstance(verdict.decision, Suggest) else ()
    reason = f"after {entry} it leads nowhere with {lead.probability:.2f}"
    decision = Decline(verdict.ranking.lang, None, near, after=entry)
    return Verdict(verdict.question, decision, verdict.ranking, reason, verdict.readings)
