"""The questions in vain as an admin sees them: a list, one group with its buttons, the groups to refuse it by. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from babel.core import Locale
from babel.dates import format_date, format_interval
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.looks import keyboards
from bot.channels.telegram.looks.data import DealWith, Deed, ShowUnanswered
from bot.channels.telegram.looks.keyboards import button
from bot.channels.telegram.looks.markup import escaped, units, visible
from bot.channels.telegram.looks.render import Page, paged
from bot.channels.telegram.looks.reports import question_of
from bot.kb.model import KnowledgeBase, Voice
from bot.languages.text import shortened
from bot.workbench.unanswered import Group

GROUPS = 5  # on a page
_LONGEST = 200  # characters of a question
_WORDINGS, _NOTES = 5, 3  # of a group
_BUTTON = 40  # characters
# Of a group, as Telegram counts: five in the list, or one and its wordings, stay one message of 4,096.
_IN_LIST, _ALONE = 750, 1_750


def listed(groups: Sequence[Group], base: KnowledgeBase, lang: str, number: int) -> Page:
    """One page of groups, counted from 0; a page beyond the last is the last."""
    voice = base.voice(lang)
    if not groups:
        return Page(escaped(voice.say("unanswered_empty")))
    last = (len(groups) - 1) // GROUPS
    number = min(number, last)
    shown = groups[number * GROUPS : (number + 1) * GROUPS]
    head = f"<b>{escaped(voice.say('unanswered_title'))}</b>"
    if last:
        head += f"\n{escaped(voice.say('page', page=number + 1, pages=last + 1))}"
    text = "\n\n".join([head, *(_item(one, base, voice, _IN_LIST) for one in shown)])
    opened = [button(f"#{one.number}", DealWith(Deed.SHOW, one.number)) for one in shown]
    turns = keyboards.turns(number, last + 1, voice, ShowUnanswered)
    return paged(text, InlineKeyboardMarkup([opened, *turns]))[-1]


def opened(one: Group, base: KnowledgeBase, lang: str) -> Page:
    """A group, and what can be done with it: the nearest entries as buttons."""
    voice = base.voice(lang)
    lines = [_item(one, base, voice, _ALONE)]
    lines += [
        f"<i>{wording.lang}</i> {escaped(wording.text[:_LONGEST])}" for wording in one.wordings[1 : _WORDINGS + 1]
    ]
    text = "\n\n".join(["\n".join(lines), escaped(voice.say("unanswered_pick"))])
    rows = [[_entry(near.entry, near.score, one, base, lang)] for near in one.near]
    rows.append(
        [
            button(voice.say("unanswered_new"), DealWith(Deed.NEW, one.number)),
            button(voice.say("unanswered_refuse"), DealWith(Deed.GROUPS, one.number)),
            button(voice.say("unanswered_dismiss"), DealWith(Deed.DISMISS, one.number)),
        ]
    )
    rows.append([_back(voice)])
    return paged(text, InlineKeyboardMarkup(rows))[-1]


def refusals(one: Group, base: KnowledgeBase, lang: str) -> Page:
    """The refusal groups that come closest, as buttons."""
    voice = base.voice(lang)
    text = f"<b>{escaped(one.text[:_LONGEST])}</b>\n\n{escaped(voice.say('unanswered_groups'))}"
    named = [name for name in one.groups if name in base.refusals]
    rows = [[button(shortened(name, _BUTTON), DealWith(Deed.REFUSE, one.number, name))] for name in named]
    back = button(voice.say("unanswered_list"), DealWith(Deed.SHOW, one.number))
    return paged(text, InlineKeyboardMarkup([*rows, [back]]))[-1]


def told(base: KnowledgeBase, lang: str, key: str, more: str = "") -> Page:
    """A sentence, and the way back to the list."""
    voice = base.voice(lang)
    text = escaped(voice.say(key)) + (f"\n\n{escaped(more)}" if more else "")
    return Page(text, InlineKeyboardMarkup([[_back(voice)]]))


def _entry(entry: str, score: float, one: Group, base: KnowledgeBase, lang: str) -> InlineKeyboardButton:
    name = base.entries[entry].text(lang).label if entry in base.entries else entry
    return button(f"{score:.0%} {shortened(name, _BUTTON)}", DealWith(Deed.ADD, one.number, entry))


def _back(voice: Voice) -> InlineKeyboardButton:
    return button(voice.say("unanswered_list"), ShowUnanswered(0))


def _item(one: Group, base: KnowledgeBase, voice: Voice, most: int) -> str:
    """The question, when and how it was no answer, and as far as there is room what people wrote of it and the entries that
    are nearest, with their probabilities."""
    said = voice.say("unanswered_item", count=one.count, text=one.text[:_LONGEST] or "–")
    apart = len(one.kinds) > 1  # else all of them are of one kind
    kinds = ", ".join(voice.say(_key(kind)) + f" {count}" * apart for kind, count in one.kinds)
    languages = " ".join(dict.fromkeys([one.lang, *(wording.lang for wording in one.wordings)]))
    lines = [
        f"#{one.number}  <b>{escaped(said)}</b>",
        f"<i>{languages}, {escaped(_span(one, voice.locale))}: {escaped(kinds)}</i>",
    ]
    if one.about:
        lines.append(escaped(voice.say("unanswered_about", question=question_of(base, one.about, voice.lang))))
    lines += [escaped(voice.say("unanswered_note", text=note[:_LONGEST])) for note in one.notes[:_NOTES]]
    if not one.near:
        return _within([*lines, escaped(voice.say("unanswered_far"))], most)
    near = [f"{question_of(base, found.entry, voice.lang)} ({found.score:.0%})" for found in one.near]
    return _within([*lines, escaped(voice.say("unanswered_near", question="; ".join(near)))], most)


def _within(lines: list[str], most: int) -> str:
    """The lines without the longest of those behind the first two, as often as they are too long together."""
    left = list(lines)
    while len(left) > 2 and units(visible("\n".join(left))) > most:
        left.remove(max(left[2:], key=len))
    return "\n".join(left)


def _key(kind: str) -> str:
    return f"miss_{kind}".replace("-", "_")


def _span(one: Group, locale_name: str) -> str:
    locale = Locale.parse(locale_name)
    if one.first == one.last:
        return str(format_date(one.last, "d MMM", locale=locale))
    return str(format_interval(one.first, one.last, skeleton="MMMd", locale=locale))
