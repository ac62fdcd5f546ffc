"""The models of voice.yaml: what the bot says of itself. Editors show the docstrings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, WithJsonSchema

from bot.kb.shapes import Address, Flag, Sentence, Shape, Text, ids


class SmallTalkItem(Shape):
    """A kind of small talk; how people say it stands in phrases/smalltalk.yaml."""

    say: Sentence
    """What the bot says."""
    person: Flag = "false"
    """true: who says so looks for a person; the `contact` is shown as well."""
    may_lean: Flag = "false"
    """true: where it is little sure, the words may as well ask on after an answer."""


class DangerItem(Shape):
    """What comes first for who is in danger."""

    say: Annotated[str, WithJsonSchema({"type": "string", "pattern": "[0-9]"})]
    """The sentence with the numbers to call; the same numbers in all languages."""
    doubted: Text = ""
    """What comes first instead where danger is in doubt ("if somebody is in danger, …"), with the same numbers; without it `say`."""
    again: Text = ""
    """The same in short, with the same numbers, for the next messages of who was told them; without it the whole is said again."""


class ProfileItem(Shape):
    """What Telegram shows of the bot."""

    name: Text = ""
    """64 characters at most."""
    description: Text = ""
    """512 characters at most."""
    short_description: Text = ""
    """120 characters at most."""


class ContactItem(Shape):
    """Where a person can be reached: under what only a person can help with, and in /about."""

    text: Text
    """A sentence of your own: who answers, and how: a number, an e-mail address."""
    url: Address = None
    """An address on the web that the sentence leads to, or left out."""


class VoiceFile(Shape):
    """What the bot says of itself. What is written here takes the place of what the language says; null takes it out."""

    sentences: dict[str, Text] = Field(default={})
    """The bot's own sentences by their keys."""
    sections: dict[str, Text] = Field(default={}, json_schema_extra=ids())
    """The parts of the source that entries name as `section`, as readers see them."""
    commands: dict[str, Text] = Field(default={})
    """The lines beside the commands in Telegram's menu."""
    profile: ProfileItem = Field(default=ProfileItem())
    languages: dict[str, Text] = Field(default={}, json_schema_extra={"propertyNames": {"pattern": "^[a-z]{2,3}$"}})
    """What the languages are called."""
    small_talk: dict[str, SmallTalkItem] = Field(default={}, json_schema_extra=ids())
    """Kinds of small talk, each with what the bot says."""
    danger: DangerItem | None = None
    contact: ContactItem | None = None
    operator: Text = ""
    """Who runs this bot, as /about says it; left out, it says nothing of it."""
