"""What the last turns of a talk leave for the next: answers, what was offered, the language. Nothing of what was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.kb.model import KnowledgeBase
from bot.reply import Reply, ReplyKind

_KEPT = 5  # answers that one can go back to


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that was given: `gap` was asked for, `brief` if it was a repeated or shortened one."""

    entry: str
    gap: str | None = None
    brief: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The last answers, the latest last; what was offered in the last reply, whether it asked if that was meant, and whether that
    was all (`listed`); its language; for how many messages more somebody is taken care of who called for help. Nothing of what
    was asked."""

    said: tuple[Said, ...] = ()
    offered: tuple[str, ...] = ()
    lang: str | None = None
    cared: int = 0
    asks: bool = False
    listed: bool = False

    @property
    def entry(self) -> str | None:
        """The entry answered last."""
        return self.said[-1].entry if self.said else None


START = State()


def after(state: State, reply: Reply) -> State:
    """The state once a reply is out, whatever it answers: a question, a button, a command."""
    brief = any(part.brief for part in reply.answers)
    new = tuple(Said(part.entry, part.gap_id, brief) for part in reply.answers)
    kept = tuple(one for one in state.said if one.entry not in {said.entry for said in new})
    offered = tuple(one.entry for one in reply.choices)
    listed = reply.kind is ReplyKind.SUGGEST
    asks = listed and not reply.topic
    return State((*kept, *new)[-_KEPT:], offered, reply.lang, state.cared, asks, listed)


def known(state: State, base: KnowledgeBase) -> State:
    """The state without what the base has no more."""
    said = tuple(one for one in state.said if one.entry in base.entries)
    return replace(state, said=said, offered=tuple(one for one in state.offered if one in base.entries))
