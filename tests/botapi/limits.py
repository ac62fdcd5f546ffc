"""Limits that stand in the prose of the Bot API only: lengths, patterns, counts, and rules between fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.botapi.description import Field, Shape
from tests.botapi.html_entities import EntityError, parse_html, strip, utf16_length

Rule = Callable[[Any, str, list[str]], None]

TEXT, CAPTION, RAW_BYTES, BUTTONS, ROW = 4096, 1024, 32768, 100, 8
_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip
_CHAT_ACTIONS = (
    "typing|upload_photo|record_video|upload_video|record_voice|upload_voice|upload_document|choose_sticker"
    "|find_location|record_video_note|upload_video_note"
)
_ENTITY_TYPES = (
    "mention|hashtag|cashtag|bot_command|url|email|phone_number|bold|italic|underline|strikethrough|spoiler"
    "|blockquote|expandable_blockquote|code|pre|text_link|text_mention|custom_emoji|date_time"
)


def length(low: int, high: int, what: str = "characters") -> Rule:
    """`what` is characters (code points), bytes (of UTF-8) or items."""

    def rule(value: Any, path: str, problems: list[str]) -> None:
        size = len(value.encode("utf-8", "surrogatepass")) if what == "bytes" else len(value)
        if not low <= size <= high:
            problems.append(f"{path}: {size} {what}, allowed are {low} to {high}")

    return rule


def pattern(expression: str) -> Rule:
    """The whole string has to match."""
    compiled = re.compile(expression)

    def rule(value: Any, path: str, problems: list[str]) -> None:
        if not compiled.fullmatch(value):
            problems.append(f"{path}: {value!r:.80} does not match {expression}")

    return rule


def between(low: int, high: int) -> Rule:
    """An integer within both bounds."""

    def rule(value: Any, path: str, problems: list[str]) -> None:
        if not low <= value <= high:
            problems.append(f"{path}: {value} is not within {low} to {high}")

    return rule


_FIELDS: dict[tuple[str, str], list[Rule]] = {
    ("InlineKeyboardButton", "text"): [length(1, 4096)],
    ("InlineKeyboardButton", "callback_data"): [length(1, 64, "bytes")],
    ("InlineKeyboardButton", "url"): [pattern(r"(?i)(?:https?|tg|ton)://\S+|mailto:\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?")],
    ("CopyTextButton", "text"): [length(1, 256)],
    ("KeyboardButton", "text"): [length(1, 4096)],
    ("ReplyKeyboardMarkup", "input_field_placeholder"): [length(1, 64)],
    ("ForceReply", "input_field_placeholder"): [length(1, 64)],
    ("MessageEntity", "type"): [pattern(_ENTITY_TYPES)],
    ("answerCallbackQuery", "text"): [length(0, 200)],
    ("answerInlineQuery", "results"): [length(0, 50, "items")],
    ("answerInlineQuery", "next_offset"): [length(0, 64, "bytes")],
    ("InlineQueryResultsButton", "start_parameter"): [pattern(r"[A-Za-z0-9_-]{1,64}")],
    ("InlineQueryResultsButton", "text"): [length(1, 4096)],
    ("InlineQueryResultArticle", "title"): [length(1, 4096)],
    ("BotCommand", "command"): [pattern(r"[a-z0-9_]{1,32}")],
    ("BotCommand", "description"): [length(1, 256)],
    ("setMyCommands", "commands"): [length(0, 100, "items")],
    ("setMyName", "name"): [length(0, 64)],
    ("setMyDescription", "description"): [length(0, 512)],
    ("setMyShortDescription", "short_description"): [length(0, 120)],
    ("sendChatAction", "action"): [pattern(_CHAT_ACTIONS)],
    ("deleteMessages", "message_ids"): [length(1, 100, "items")],
    ("getUpdates", "limit"): [between(1, 100)],
    ("getUpdates", "timeout"): [between(0, 86400)],
    ("setWebhook", "secret_token"): [pattern(r"[A-Za-z0-9_-]{1,256}")],
    ("setWebhook", "max_connections"): [between(1, 100)],
    ("ReplyParameters", "quote"): [length(0, 1024)],
}


def field_rules(owner: str, field: Field) -> list[Rule]:
    """Rules for one field of a method or type, to be run on values of the right type."""
    rules = list(_FIELDS.get((owner, field.name), ()))
    if owner.startswith("InlineQueryResult") and field.name == "id":
        rules.append(length(1, 64, "bytes"))
    if field.types == ("Integer", "String"):
        rules.append(_chat_id)
    if field.name.endswith("parse_mode"):
        rules.append(_parse_mode)
    if field.name == "language_code" and owner[:3] in ("set", "get", "del"):
        rules.append(pattern(r"(?:[a-z]{2})?"))
    return rules


def object_rules(shape: Shape) -> list[Rule]:
    """Rules between the fields of a method or type, to be run when each field is right by itself."""
    rules = list(_OBJECTS.get(shape.name, ()))
    if shape.name != "Message" and "parse_mode" in shape.fields:
        for name, low, high in (("text", 1, TEXT), ("message_text", 1, TEXT), ("caption", 0, CAPTION)):
            if name in shape.fields:
                entities = "caption_entities" if name == "caption" else "entities"
                rules.append(_formatted(name, entities, low, high))
    return rules


def formatted(params: dict[str, Any], name: str, entities: str = "entities") -> tuple[str, list[dict[str, Any]]]:
    """The text a reader sees and its entities; raises EntityError."""
    text = params.get(name, "")
    if params.get("parse_mode"):
        return parse_html(text)
    return strip(text, params.get(entities) or [])


def _chat_id(value: Any, path: str, problems: list[str]) -> None:
    if isinstance(value, str) and not re.fullmatch(r"@\w+", value):
        problems.append(f"{path}: {value!r:.80} is neither a number nor an @username")


def _parse_mode(value: Any, path: str, problems: list[str]) -> None:
    if value not in ("", "HTML"):
        problems.append(f"{path}: {value!r} is not used here; only HTML is")


def _formatted(name: str, entities: str, low: int, high: int) -> Rule:
    def rule(value: Any, path: str, problems: list[str]) -> None:
        if name not in value:
            return
        raw = value[name]
        if len(raw) > RAW_BYTES // 4 and len(raw.encode("utf-8")) > RAW_BYTES:
            problems.append("text is too long")
            return
        try:
            text, found = formatted(value, name, entities)
        except EntityError as error:
            problems.append(f"can't parse entities: {error}")
            return
        _size(text, "caption" if name == "caption" else "text", low, high, problems)
        if value.get("parse_mode") and value.get(entities):
            problems.append(f"{path}: both parse_mode and {entities} are given")
        elif not value.get("parse_mode"):
            _offsets(value.get(entities) or found, utf16_length(raw), f"{path}.{entities}", problems)

    return rule


def _size(text: str, what: str, low: int, high: int, problems: list[str]) -> None:
    if len(text) < low:
        problems.append(f"message {what} is empty")
    if len(text) > high:
        problems.append(f"message {what} is too long" + (f" ({len(text)} characters, allowed are {high})"))


def _offsets(entities: list[dict[str, Any]], total: int, path: str, problems: list[str]) -> None:
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > total:
            problems.append(f"{path}: {entity['type']} reaches out of the text of {total} UTF-16 units")


def _one_action(value: Any, path: str, problems: list[str]) -> None:
    actions = [name for name in _ACTIONS if name in value]
    if len(actions) != 1:
        problems.append(f"{path}: an inline button needs exactly one action, this has {actions or 'none'}")


def _keyboard(value: Any, path: str, problems: list[str]) -> None:
    rows = value["inline_keyboard"]
    if sum(map(len, rows)) > BUTTONS:
        problems.append(f"{path}: {sum(map(len, rows))} buttons, allowed are {BUTTONS}")
    problems.extend(f"{path}: row {n} has {len(row)} buttons, allowed are {ROW}" for n, row in enumerate(rows)
                    if len(row) > ROW)  # fmt: skip


def _edit_target(value: Any, path: str, problems: list[str]) -> None:
    if "inline_message_id" not in value and not ("chat_id" in value and "message_id" in value):
        problems.append("message identifier is not specified")


def _edit_text(value: Any, path: str, problems: list[str]) -> None:
    if ("text" in value) == ("rich_message" in value):
        problems.append(f"{path}: needs either text or rich_message")


def _unique_ids(value: Any, path: str, problems: list[str]) -> None:
    ids = [result["id"] for result in value["results"]]
    if len(set(ids)) != len(ids):
        problems.append("RESULT_ID_DUPLICATE")


def _unique_commands(value: Any, path: str, problems: list[str]) -> None:
    names = [command["command"] for command in value["commands"]]
    if len(set(names)) != len(names):
        problems.append("BOT_COMMAND_DUPLICATE")


def _results_button(value: Any, path: str, problems: list[str]) -> None:
    if ("web_app" in value) == ("start_parameter" in value):
        problems.append(f"{path}: needs either web_app or start_parameter")


def _article_url(value: Any, path: str, problems: list[str]) -> None:
    if not value["input_message_content"]:
        problems.append(f"{path}: MESSAGE_EMPTY")


def _reply_target(value: Any, path: str, problems: list[str]) -> None:
    if not {"message_id", "ephemeral_message_id"} & value.keys():
        problems.append(f"{path}: needs message_id or ephemeral_message_id")


_OBJECTS: dict[str, list[Rule]] = {
    "InlineKeyboardButton": [_one_action],
    "InlineKeyboardMarkup": [_keyboard],
    "InlineQueryResultsButton": [_results_button],
    "InlineQueryResultArticle": [_article_url],
    "ReplyParameters": [_reply_target],
    "editMessageText": [_edit_target, _edit_text],
    "editMessageCaption": [_edit_target],
    "editMessageMedia": [_edit_target],
    "editMessageReplyMarkup": [_edit_target],
    "answerInlineQuery": [_unique_ids],
    "setMyCommands": [_unique_commands],
}
