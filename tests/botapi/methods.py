"""What the methods about messages do to the state. Each takes checked parameters and gives the JSON result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.botapi.errors import bad_request
from tests.botapi.limits import formatted
from tests.botapi.model import Call, Chat, JsonDict, Sent
from tests.botapi.state import State
from tests.botapi.wire import Upload

Method = Callable[[State, JsonDict], Any]

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")


def send_message(state: State, params: JsonDict) -> JsonDict:
    """sendMessage."""
    text, entities = formatted(params, "text")
    content: JsonDict = {"text": text} | ({"entities": entities} if entities else {})
    return _send(state, "sendMessage", params, content)


def send_photo(state: State, params: JsonDict) -> JsonDict:
    """sendPhoto; an uploaded file has to be a picture."""
    photo = params["photo"]
    if isinstance(photo, Upload) and not photo.content.startswith(_IMAGES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    file_id = _file_id(state, photo)
    size = {"file_id": file_id, "file_unique_id": f"u{file_id}", "width": 800, "height": 600}
    return _send(state, "sendPhoto", params, {"photo": [size], **_caption(params)}, photo)


def send_document(state: State, params: JsonDict) -> JsonDict:
    """sendDocument."""
    document = params["document"]
    file_id = _file_id(state, document)
    content: JsonDict = {"document": {"file_id": file_id, "file_unique_id": f"u{file_id}"}, **_caption(params)}
    return _send(state, "sendDocument", params, content, document)


def _caption(params: JsonDict) -> JsonDict:
    caption, entities = formatted(params, "caption", "caption_entities")
    return ({"caption": caption} if caption else {}) | ({"caption_entities": entities} if entities else {})


def _file_id(state: State, file: Upload | str) -> str:
    if isinstance(file, Upload):
        return state.store_file(file)
    if file not in state.files and not file.startswith(("http://", "https://")):
        raise bad_request("wrong file identifier/HTTP URL specified")
    return file


def _send(state: State, method: str, params: JsonDict, content: JsonDict, file: Upload | str | None = None) -> JsonDict:
    chat = state.target(params["chat_id"])
    replied = _reply_target(state, chat, params.get("reply_parameters"))
    message: JsonDict = {
        "message_id": state.next_message_id(),
        "from": state.bot,
        "chat": chat.json(),
        "date": state.now(),
        **content,
    }
    if params.get("message_thread_id"):
        message |= {"message_thread_id": params["message_thread_id"], "is_topic_message": True}
    if replied:
        message["reply_to_message"] = {k: v for k, v in replied.items() if k != "reply_to_message"}
    markup = params.get("reply_markup")
    if markup and "inline_keyboard" in markup:
        message["reply_markup"] = markup
    state.messages[(chat.id, message["message_id"])] = message
    state.sent.append(_record(state, method, message, markup, file))
    return message


def _record(
    state: State, method: str, message: JsonDict, markup: JsonDict | None, file: Upload | str | None = None
) -> Sent:
    text: str = message.get("text") or message.get("caption") or ""
    entities: list[JsonDict] = message.get("entities") or message.get("caption_entities") or []
    return Sent(
        seq=state.next_seq(),
        time=state.clock(),
        method=method,
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        text=text,
        entities=entities,
        reply_markup=markup,
        reply_to=message.get("reply_to_message", {}).get("message_id"),
        thread_id=message.get("message_thread_id"),
        message=message,
        file=file,
    )


def _reply_target(state: State, chat: Chat, reply: JsonDict | None) -> JsonDict | None:
    if reply is None:
        return None
    found = state.messages.get((reply.get("chat_id", chat.id), reply["message_id"]))
    if found is None:
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    if reply.get("quote") and reply["quote"] not in str(found.get("text") or found.get("caption") or ""):
        raise bad_request("QUOTE_TEXT_INVALID")
    return found


def _edit(state: State, method: str, params: JsonDict, content: JsonDict, removed: tuple[str, ...]) -> Any:
    inline_id = params.get("inline_message_id")
    if inline_id is not None:
        if inline_id not in state.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        old = state.inline_messages[inline_id]
    else:
        chat = state.target(params["chat_id"])
        old = state.message(chat.id, params["message_id"], "message to edit not found")
        if old.get("from", {}).get("id") != state.bot["id"]:
            raise bad_request("message can't be edited")
    new = {key: value for key, value in old.items() if key not in (*removed, "reply_markup", "edit_date")} | content
    markup = params.get("reply_markup")
    if markup and markup.get("inline_keyboard"):
        new["reply_markup"] = markup
    if all(old.get(key) == new.get(key) for key in {*old, *new} - {"edit_date"}):
        raise bad_request(_NOT_MODIFIED)
    if inline_id is not None:
        state.inline_messages[inline_id] = new
        return True
    new["edit_date"] = state.now()
    state.messages[(new["chat"]["id"], new["message_id"])] = new
    state.edits.append(_record(state, method, new, markup))
    return new


def edit_message_text(state: State, params: JsonDict) -> Any:
    """editMessageText."""
    text, entities = formatted(params, "text")
    content: JsonDict = {"text": text} | ({"entities": entities} if entities else {})
    return _edit(state, "editMessageText", params, content, ("text", "entities"))


def edit_message_caption(state: State, params: JsonDict) -> Any:
    """editMessageCaption."""
    return _edit(state, "editMessageCaption", params, _caption(params), ("caption", "caption_entities"))


def edit_message_reply_markup(state: State, params: JsonDict) -> Any:
    """editMessageReplyMarkup; no markup takes the buttons away."""
    return _edit(state, "editMessageReplyMarkup", params, {}, ())


def delete_message(state: State, params: JsonDict) -> bool:
    """deleteMessage."""
    chat = state.target(params["chat_id"])
    state.message(chat.id, params["message_id"], "message to delete not found")
    del state.messages[(chat.id, params["message_id"])]
    return True


def delete_messages(state: State, params: JsonDict) -> bool:
    """deleteMessages; those that are gone already are skipped."""
    chat = state.target(params["chat_id"])
    for message_id in params["message_ids"]:
        state.messages.pop((chat.id, message_id), None)
    return True


def send_chat_action(state: State, params: JsonDict) -> bool:
    """sendChatAction."""
    state.actions.append((state.target(params["chat_id"]).id, params["action"]))
    return True


def set_message_reaction(state: State, params: JsonDict) -> bool:
    """setMessageReaction."""
    chat = state.target(params["chat_id"])
    state.message(chat.id, params["message_id"], "message to react not found")
    return True


def answer_callback_query(state: State, params: JsonDict) -> bool:
    """answerCallbackQuery."""
    state.answer_query("callback", params["callback_query_id"], _call(state, "answerCallbackQuery", params))
    return True


def answer_inline_query(state: State, params: JsonDict) -> bool:
    """answerInlineQuery."""
    state.answer_query("inline", params["inline_query_id"], _call(state, "answerInlineQuery", params))
    return True


def answer_guest_query(state: State, params: JsonDict) -> JsonDict:
    """answerGuestQuery; the message can be edited by its inline_message_id afterwards."""
    state.answer_query("guest", params["guest_query_id"], _call(state, "answerGuestQuery", params))
    inline_id = f"guest-message-{state.next_seq()}"
    content = params["result"].get("input_message_content", {})
    text, entities = formatted(content, "message_text")
    state.inline_messages[inline_id] = {"text": text} | ({"entities": entities} if entities else {})
    return {"inline_message_id": inline_id}


def _call(state: State, method: str, params: JsonDict) -> Call:
    return Call(method, params, state.clock(), True)


MESSAGE_METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "sendChatAction": send_chat_action,
    "setMessageReaction": set_message_reaction,
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
    "answerGuestQuery": answer_guest_query,
}
