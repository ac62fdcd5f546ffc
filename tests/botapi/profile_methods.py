"""What the methods about the bot itself and about chats do to the state."""

from __future__ import annotations

import json
from typing import Any

from tests.botapi.errors import bad_request
from tests.botapi.methods import Method
from tests.botapi.model import JsonDict
from tests.botapi.state import State

_NARROW_SCOPES = {"chat", "chat_administrators", "chat_member"}


def get_me(state: State, params: JsonDict) -> JsonDict:
    """getMe."""
    return state.bot | state.abilities


def _scope(state: State, params: JsonDict) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    if scope["type"] in _NARROW_SCOPES:
        state.target(scope["chat_id"])
    return json.dumps(scope, sort_keys=True), params.get("language_code", "")


def set_my_commands(state: State, params: JsonDict) -> bool:
    """setMyCommands, one list for each scope and language."""
    state.commands[_scope(state, params)] = params["commands"]
    return True


def get_my_commands(state: State, params: JsonDict) -> list[JsonDict]:
    """getMyCommands: exactly this scope and language, no fallback."""
    return state.commands.get(_scope(state, params), [])


def delete_my_commands(state: State, params: JsonDict) -> bool:
    """deleteMyCommands."""
    state.commands.pop(_scope(state, params), None)
    return True


def _setter(what: str) -> Method:
    def set_text(state: State, params: JsonDict) -> bool:
        state.profile[(what, params.get("language_code", ""))] = params.get(what, "")
        return True

    return set_text


def _getter(what: str) -> Method:
    def get_text(state: State, params: JsonDict) -> JsonDict:
        default = state.bot["first_name"] if what == "name" else ""
        for language in (params.get("language_code", ""), ""):
            if state.profile.get((what, language)):
                return {what: state.profile[(what, language)]}
        return {what: default}

    return get_text


def set_chat_menu_button(state: State, params: JsonDict) -> bool:
    """setChatMenuButton."""
    state.menu_buttons[params.get("chat_id")] = params.get("menu_button", {"type": "default"})
    return True


def get_chat_menu_button(state: State, params: JsonDict) -> JsonDict:
    """getChatMenuButton."""
    return state.menu_buttons.get(params.get("chat_id")) or state.menu_buttons.get(None) or {"type": "default"}


def get_chat(state: State, params: JsonDict) -> JsonDict:
    """getChat, with the required fields of ChatFullInfo only."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return state.target(params["chat_id"]).json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


def get_chat_member(state: State, params: JsonDict) -> JsonDict:
    """getChatMember: a plain member, unless `admins` of the chat says otherwise."""
    chat = state.target(params["chat_id"])
    user_id = params["user_id"]
    if user_id in chat.admins:
        return _admin(user_id)
    user = state.bot if user_id == state.bot["id"] else _user(user_id)
    return {"status": "member", "user": user}


def get_chat_administrators(state: State, params: JsonDict) -> list[JsonDict]:
    """getChatAdministrators: those in `admins` of the chat."""
    chat = state.target(params["chat_id"])
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [_admin(user_id) for user_id in sorted(chat.admins)]


def _user(user_id: int) -> JsonDict:
    return {"id": user_id, "is_bot": False, "first_name": "User"}


def _admin(user_id: int) -> JsonDict:
    return {"status": "creator", "user": _user(user_id), "is_anonymous": False}


def leave_chat(state: State, params: JsonDict) -> bool:
    """leaveChat; a private chat cannot be left."""
    chat = state.target(params["chat_id"])
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.member = False
    return True


def get_file(state: State, params: JsonDict) -> JsonDict:
    """getFile for files the bot uploaded; they can be fetched under /file/bot<token>/."""
    upload = state.files.get(params["file_id"])
    if upload is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    file_id = params["file_id"]
    path = f"files/{file_id}"
    return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(upload.content), "file_path": path}


def _true(state: State, params: JsonDict) -> Any:
    return True


PROFILE_METHODS: dict[str, Method] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "getFile": get_file,
    "close": _true,
    "logOut": _true,
}
