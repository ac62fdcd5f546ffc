"""The models of the YAML files: which keys there are, which must be there, what they hold. Editors show the docstrings.

What else is in a type's JSON Schema (a pattern, a length) is for editors alone: on reading, `lint` says it in more words."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from bot.kb.ids import ID

MAX_ANSWER = 1500  # with question, source and context it stays one message of 4,096 characters
MAX_COMMAND = 256  # Telegram: description of a command
MAX_LABEL = 40  # characters of a button that a phone shows whole

_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DATE = "^[0-9]{4}(-[0-9]{2}){0,2}$"


def _editors(*types: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": list(types) if len(types) > 1 else types[0], **more})


def ids(**more: Any) -> dict[str, Any]:
    return {"propertyNames": {"pattern": f"^{ID}$"}, **more}


# Every scalar is read as text: numbers and dates may stand without quotes.
Text: TypeAlias = Annotated[str, _editors("string", "number", "boolean", pattern=r"\S")]
TextOrNull: TypeAlias = Annotated[str | None, _editors("string", "number", "boolean", "null")]
Sentence: TypeAlias = Annotated[str, _editors("string", pattern=r"\S\s+\S")]
Answer: TypeAlias = Annotated[str, _editors("string", pattern=r"\S\s+\S", maxLength=MAX_ANSWER)]
Label: TypeAlias = Annotated[str, _editors("string", pattern=r"\S", maxLength=MAX_LABEL)]
Menu: TypeAlias = Annotated[str, _editors("string", pattern=r"\S", maxLength=MAX_COMMAND)]
Id: TypeAlias = Annotated[str, _editors("string", "number", pattern=f"^{ID}$")]
IdOrNull: TypeAlias = Annotated[str | None, _editors("string", "number", "null", pattern=f"^{ID}$")]
Name: TypeAlias = Annotated[str, _editors("string", "number", pattern=r"^\S+$")]
Day: TypeAlias = Annotated[str | None, _editors("string", "null", pattern=_DAY)]
Date: TypeAlias = Annotated[str, _editors("string", "integer", pattern=_DATE, minimum=1000, maximum=9999)]
DateOrNull: TypeAlias = Annotated[
    str | None, _editors("string", "integer", "null", pattern=_DATE, minimum=1000, maximum=9999)
]
Address: TypeAlias = Annotated[str | None, _editors("string", "null", pattern="^https?://[^\\s/]+\\.\\S+$")]
Order: TypeAlias = Annotated[
    str | None, _editors("string", "integer", "null", pattern="^[0-9]{1,6}$", minimum=0, maximum=999_999)
]
Code: TypeAlias = Annotated[str, _editors("string", pattern="^[a-z]{2,3}$")]
Flag: TypeAlias = Annotated[Literal["true", "false"], WithJsonSchema({"enum": [True, False, "true", "false"]})]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True, defer_build=True)


class SourceItem(Shape):
    """A document that answers come from, or that is cited beside them."""

    kind: Literal["article", "context"]
    """article: what the answers come from. context: what is shown apart, from outside the article."""
    title: Text
    """As the page has it; a description of our own stands in [ ]."""
    publisher: Text
    """Who published it, as readers know them."""
    editor: TextOrNull = None
    """Who edited it, or left out."""
    published: DateOrNull
    """A day (2025-07-10), a month (2025-06), a year (2024), or null where it is not known."""
    language: Code
    """The language of the document: en, ru ..."""
    url: Address
    """Its address, or null where it is not known; never invented."""
    read: DateOrNull = None
    """When the text that is cited was read. Context must have it."""
    copy_: TextOrNull = Field(default=None, alias="copy")
    """Who carried the text, where that was not the publisher."""


class PublisherItem(Shape):
    """What a source is called in this language."""

    publisher: Text
    """The publisher, as readers of this language know them."""


class GapItem(Shape):
    """Something that readers ask next and the source does not say."""

    ask: list[Text]
    """Ways to ask for it, three at least; more of them may stand in phrases/ under entry/gap."""
    say: Sentence
    """The sentence that says so."""


class ContextText(Shape):
    """Something from outside the article, shown apart."""

    text: Sentence
    """What readers see."""


class Dates(Shape):
    """When it was last held against its sources, when somebody should look again, and who."""

    checked: Day = None
    """The day when it was last held against its sources, as 2026-11-28."""
    check_by: Day = None
    """The day by which somebody should look again, as 2027-02-28."""
    owner: TextOrNull = None
    """Who looks: a name or an address as the maintainers know it; readers do not see it."""


class ContextItem(ContextText, Dates):
    """Something from outside the article, shown apart, with its own source."""

    source: Name
    """The source that says so: a key of sources.yaml."""
    fills: list[Id] = Field(default=[])
    """The gaps of this entry that it answers."""


class TranslatedEntry(Shape):
    """A question and its answer."""

    figures: list[Text] = Field(default=[])
    """What the answer must carry, as whole words: numbers and names. In every language as many, in the same order."""
    question: Sentence
    """The question, as readers see it."""
    short: Label = ""
    """The question for a button, 40 characters at most, where it has more."""
    answer: Answer
    """The answer: no more and no less than the source says, in plain text."""
    gaps: dict[str, GapItem] = Field(default={}, json_schema_extra=ids())
    """What readers ask next and the source does not say, each under an id of its own."""
    context: list[ContextText] = Field(default=[])
    """What stands outside the article, in the order of the primary language."""


class PrimaryEntry(TranslatedEntry, Dates):
    """A question and its answer, with the source that it comes from."""

    source: Name
    """The source of the answer: a key of sources.yaml whose kind is article."""
    section: Text
    """The part of the source: a key of `sections` in voice.yaml."""
    as_of: IdOrNull = None
    """The change (a key of changes.yaml) by which this is no longer the present state, or left out."""
    added: Day = None
    """The day when the entry came in, as 2026-11-28: for a while it is listed under /news."""
    related: list[Id] = Field(default=[])
    """The ids of entries that readers may want next."""
    context: list[ContextItem] = Field(default=[])  # type: ignore[assignment]  # the primary language names sources
    """What stands outside the article, shown apart, each with its own source."""


class TranslatedChange(Shape):
    """What became different after the source was written."""

    text: Sentence
    """The line that readers see."""
    ask: list[Text] = Field(default=[])
    """How readers name the change."""


class ChangeItem(TranslatedChange, Dates):
    """What became different after the source was written, since when, and who says so."""

    source: Name
    """The source that says so: a key of sources.yaml."""
    date: Date
    """Since when: 2026-07-01, 2026-07 or 2026."""


class TranslatedCorrection(Shape):
    """What was put right after readers could see it."""

    old: Sentence
    """What stood there, in short."""
    new: Sentence
    """What stands there now."""
    why: Sentence


class CorrectionItem(TranslatedCorrection):
    """What was put right, when, and in which entry."""

    date: Date
    """The day: 2026-07-01."""
    entry: Id
    """The id of the entry."""


class TranslatedHead(Shape):
    """The topic in this language."""

    title: Text
    """What the topic is called."""
    command: Menu
    """The line beside the topic's command in Telegram's menu."""


class TopicHead(TranslatedHead):
    """The topic; its id is the name of the file."""

    emoji: Annotated[str, _editors("string", pattern=r"^[^\sA-Za-z<>&]+$", maxLength=20)]
    """One emoji, in quotes."""
    order: Order = None
    """The place among the topics; those without one come last, by name."""


class TopicFile(Shape):
    """A topic in the primary language: its head, and its entries in reading order."""

    topic: TopicHead
    entries: dict[str, PrimaryEntry] = Field(json_schema_extra=ids())
    """The entries in reading order, each under an id of its own."""


class TranslationFile(Shape):
    """The translation of a topic: the same entries under the same ids."""

    topic: TranslatedHead
    entries: dict[str, TranslatedEntry] = Field(json_schema_extra=ids())
    """The entries under the ids of the primary language."""


class RefusalItem(Shape):
    """A group of questions that the source does not answer."""

    say: Sentence
    """What readers see."""
    near: TextOrNull = None
    """The topic that comes nearest, or null."""
    phrases: list[Text]
    """Ways to ask: 30 or more, in as many words as you can think of."""
    more: list[Text] = Field(default=[])
    """Ways to ask that are added to those of the language's own group."""
    person: Flag = "false"
    """true: only a person can help with it; the `contact` of voice.yaml is shown as well."""


class NamesFile(Shape):
    """Names of places and peoples, for matching only."""

    groups: dict[str, list[Text]] = Field(default={}, json_schema_extra=ids())
    """Names of what the base is not about, in place of the language's groups."""
    own: list[Text] = Field(default=[])
    """Names of what the base is about, as they stand in the language's groups."""


class FollowUpItem(Shape):
    """What people ask in few words once they have read an answer: half sentences that lean on it, in no order."""

    within: list[Text] = Field(default=[])
    """Asked after the answer of this entry, which holds it: "what percent", "only women?"."""
    towards: list[Text] = Field(default=[])
    """Asked after the answer of another entry nearby; this one holds it: "and how many were held"."""
    beyond: list[Text] = Field(default=[])
    """Asked after the answer of this entry, and no entry holds it; what is asked often is worth a gap."""


SourcesFile: TypeAlias = dict[str, SourceItem]
PublishersFile: TypeAlias = dict[str, PublisherItem]
WordLists: TypeAlias = dict[str, list[Text]]
FollowUpsFile: TypeAlias = dict[str, FollowUpItem]
RefusalsFile: TypeAlias = dict[str, RefusalItem]
ChangesFile: TypeAlias = dict[str, ChangeItem]
ChangesTranslation: TypeAlias = dict[str, TranslatedChange]
CorrectionsFile: TypeAlias = dict[str, CorrectionItem]
CorrectionsTranslation: TypeAlias = dict[str, TranslatedCorrection]
