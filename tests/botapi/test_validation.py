"""Requests against the description: good ones pass in each encoding, each kind of fault is found."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from tests.botapi.description import load
from tests.botapi.sample import Sampler
from tests.botapi.server import BotApiServer
from tests.botapi.validate import default_validator
from tests.botapi.wire import RawRequest, Upload

pytest_plugins = ("tests.botapi.fixtures",)

ARTICLE = {"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": "x"}}


def _problems(method: str, files: dict[str, Upload] | None = None, **fields: Any) -> list[str]:
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in fields.items()}
    return default_validator().request(method, RawRequest(texts, files or {}))[1]


def _keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def _button(**action: Any) -> dict[str, Any]:
    return {"text": "b", **action}


def _file(name: str) -> dict[str, Upload]:
    return {name: Upload(name, "a.png", "image/png", b"x")}


GOOD: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"chat_id": 5, "text": "x" * 4096}),
    ("sendMessage", {"chat_id": "@channel", "text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "HTML"}),
    ("sendMessage", {"chat_id": 5, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 1}]}),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": _keyboard([_button(callback_data="ж" * 32)])}),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": {"keyboard": [[{"text": "a"}]]}}),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": {"remove_keyboard": True}}),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_parameters": {"message_id": 7}, "protect_content": True}),
    ("answerInlineQuery", {"inline_query_id": "q", "results": [ARTICLE], "is_personal": "True", "cache_time": 1}),
    ("answerInlineQuery", {"inline_query_id": "q", "results": [], "button": {"text": "b", "start_parameter": "a_-1"}}),
    ("setMyCommands", {"commands": [{"command": "a_1", "description": "d"}], "scope": {"type": "chat", "chat_id": 5}}),
    ("setMyName", {"name": "", "language_code": "ru"}),
    ("setWebhook", {"url": "", "secret_token": "a-B_1"}),
    ("editMessageText", {"inline_message_id": "i", "text": "x"}),
    ("GETME", {}),
]


@pytest.mark.parametrize(("method", "fields"), GOOD)
def test_a_right_request_passes(method: str, fields: dict[str, Any]) -> None:
    assert _problems(method, **fields) == []


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "x"}, "chat_id is missing"),
    ("sendMessage", {"chat_id": 5, "text": "x", "txt": "y"}, "sendMessage has no parameter 'txt'"),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_to_message_id": 7}, "has no parameter 'reply_to_message_id'"),
    ("sendMessage", {"chat_id": [5], "text": "x"}, "chat_id: '[5]' is neither"),
    ("sendMessage", {"chat_id": 5, "text": "x", "message_thread_id": "one"}, "message_thread_id: expected Integer"),
    ("sendMessage", {"chat_id": 5, "text": "x", "protect_content": "maybe"}, "protect_content: expected Boolean"),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_markup": {"inline": []}}, "reply_markup: fits none of"),
    ("sendMessage", {"chat_id": 5, "text": "x", "reply_parameters": {}}, "reply_parameters: needs message_id or"),
    ("sendMessage", {"chat_id": 5, "text": "x" * 4097}, "message text is too long"),
    ("sendMessage", {"chat_id": 5, "text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    ("sendMessage", {"chat_id": 5, "text": "x" * 32_769}, "text is too long"),
    ("sendMessage", {"chat_id": 5, "text": "<b>", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
    ("sendMessage", {"chat_id": 5, "text": "*x*", "parse_mode": "MarkdownV2"}, "parse_mode: 'MarkdownV2'"),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
        "bold reaches out of the text",
    ),
    ("sendPhoto", {"chat_id": 5, "photo": "id", "caption": "x" * 1025}, "message caption is too long"),
    ("sendPhoto", {"chat_id": 5, "photo": "attach://lost"}, "attach://lost names no file part"),
    ("sendMediaGroup", {"chat_id": 5, "media": [{"type": "photo", "media": "attach://a"}]}, "attach://a names no file"),
    ("editMessageText", {"chat_id": 5, "text": "x"}, "message identifier is not specified"),
    ("editMessageText", {"chat_id": 5, "message_id": 1}, "needs either text or rich_message"),
    ("answerCallbackQuery", {"callback_query_id": "q", "text": "x" * 201}, "text: 201 characters"),
    ("answerInlineQuery", {"inline_query_id": "q", "results": [ARTICLE, ARTICLE]}, "RESULT_ID_DUPLICATE"),
    ("answerInlineQuery", {"inline_query_id": "q", "results": [ARTICLE | {"id": "ж" * 33}]}, "id: 66 bytes"),
    ("answerInlineQuery", {"inline_query_id": "q", "results": [ARTICLE | {"id": ""}]}, "id: 0 bytes"),
    ("answerInlineQuery", {"inline_query_id": "q", "results": [ARTICLE | {"type": "essay"}]}, "type is 'essay', not"),
    ("answerInlineQuery", {"inline_query_id": "q", "results": [], "next_offset": "x" * 65}, "next_offset: 65 bytes"),
    (
        "answerInlineQuery",
        {"inline_query_id": "q", "results": [ARTICLE | {"id": str(n)} for n in range(51)]},
        "results: 51 items",
    ),
    (
        "answerInlineQuery",
        {"inline_query_id": "q", "results": [], "button": {"text": "b", "start_parameter": "a b"}},
        "button.start_parameter: 'a b' does not match",
    ),
    (
        "answerInlineQuery",
        {"inline_query_id": "q", "results": [ARTICLE | {"input_message_content": {"message_text": "x" * 4097}}]},
        "message text is too long",
    ),
    ("setMyCommands", {"commands": [{"command": "Ask", "description": "d"}]}, "command: 'Ask' does not match"),
    ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "d"}]}, "does not match"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "description: 0 characters"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "d" * 257}]}, "description: 257 characters"),
    (
        "setMyCommands",
        {"commands": [{"command": f"c{n}", "description": "d"} for n in range(101)]},
        "commands: 101 items",
    ),
    ("setMyCommands", {"commands": [], "scope": {"type": "planet"}}, "scope: type is 'planet'"),
    ("setMyCommands", {"commands": [], "language_code": "rus"}, "language_code: 'rus' does not match"),
    ("setMyName", {"name": "x" * 65}, "name: 65 characters"),
    ("setMyDescription", {"description": "x" * 513}, "description: 513 characters"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "short_description: 121 characters"),
    ("sendChatAction", {"chat_id": 5, "action": "thinking"}, "action: 'thinking' does not match"),
    ("setWebhook", {"url": "u", "secret_token": "ж"}, "secret_token: 'ж' does not match"),
    ("getUpdates", {"limit": 101}, "limit: 101 is not within 1 to 100"),
]


@pytest.mark.parametrize(("method", "fields", "problem"), BAD)
def test_a_wrong_request_is_found(method: str, fields: dict[str, Any], problem: str) -> None:
    assert any(problem in found for found in _problems(method, **fields)), _problems(method, **fields)


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        (_keyboard([_button()]), "exactly one action, this has none"),
        (_keyboard([_button(callback_data="a", url="https://x.org")]), "exactly one action, this has ['url', 'call"),
        (_keyboard([_button(callback_data="")]), "callback_data: 0 bytes"),
        (_keyboard([_button(callback_data="ж" * 33)]), "callback_data: 66 bytes"),
        (_keyboard([_button(url="no address")]), "url: 'no address' does not match"),
        (_keyboard([_button(callback_data="a")] * 9), "row 0 has 9 buttons"),
        (_keyboard(*[[_button(callback_data="a")] * 8] * 13), "104 buttons"),
        (_keyboard([{"callback_data": "a"}]), "text is missing"),
        ({"inline_keyboard": [_button(callback_data="a")]}, "expected an array"),
    ],
)
def test_a_wrong_keyboard_is_found(markup: dict[str, Any], problem: str) -> None:
    for method in ("editMessageReplyMarkup", "sendMessage"):
        target = {"chat_id": 5} | ({"text": "x"} if method == "sendMessage" else {"message_id": 1})
        found = _problems(method, **target, reply_markup=markup)
        assert any(problem in text for text in found), found


def test_a_file_part_has_to_be_used() -> None:
    assert _problems("sendPhoto", _file("photo"), chat_id=5) == []
    assert _problems("sendPhoto", _file("p1"), chat_id=5, photo="attach://p1") == []
    assert _problems("sendPhoto", _file("p1"), chat_id=5, photo="id") == ["the file part 'p1' is used by nothing"]


def test_every_type_of_the_description_is_compiled_and_takes_its_own_sample() -> None:
    """No type name in the description is unknown, and recursion ends."""
    validator, sampler = default_validator(), Sampler()
    for name in load().types:
        wrong = [p for p in validator.value(name, sampler.value(name)) if "does not match" not in p]
        assert [p for p in wrong if "needs either" not in p] == [], name


@pytest.mark.parametrize(
    ("type_name", "value", "problem"),
    [
        ("RichTextUnion", ["a", {"type": "bold", "text": ["b", {"type": "code", "text": "c"}]}], ""),
        ("RichTextUnion", ["a", {"type": "bold", "text": ["b", {"type": "code", "text": 1}]}], "fits none of"),
        ("RichTextUnion", {"type": "loud", "text": "b"}, "type is 'loud', not one of"),
        (
            "Update",
            {"update_id": 1, "callback_query": {"message": {"date": 5}}},
            "fits none of Message or Inaccessible",
        ),
    ],
)
def test_a_type_within_itself_and_one_of_several_are_told_apart(type_name: str, value: Any, problem: str) -> None:
    found = default_validator().value(type_name, value)
    assert any(problem in text for text in found) if problem else found == []


async def test_every_encoding_is_read(api: BotApiServer) -> None:
    """Query string, form, JSON and multipart say the same."""
    api.private_message(5, "hello")
    url = f"{api.base_url}/bot{api.token}/sendMessage"
    markup = _keyboard([_button(callback_data="a")])
    form = {"chat_id": "5", "text": "ж & <", "reply_markup": json.dumps(markup)}
    parts = aiohttp.FormData()
    for name, value in form.items():
        parts.add_field(name, value, content_type="text/plain")
    async with aiohttp.ClientSession() as client:
        answers = [
            await client.get(url, params=form),
            await client.post(url, data=form),
            await client.post(url, json={"chat_id": 5, "text": "ж & <", "reply_markup": markup}),
            await client.post(url, data=parts),
        ]
        assert [(await answer.json())["ok"] for answer in answers] == [True] * 4
    assert [(sent.text, sent.buttons) for sent in api.sent] == [("ж & <", [_button(callback_data="a")])] * 4


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"chat_id=5&text=%ff", "application/x-www-form-urlencoded", "strings must be encoded in UTF-8"),
        (b"chat_id=5&chat_id=6&text=a", "application/x-www-form-urlencoded", "a parameter is given twice"),
        (b'{"chat_id":5,"text":"\\ud83d"}', "application/json", "strings must be encoded in UTF-8"),
        (b'{"chat_id":5,', "application/json", "can't parse the JSON body"),
        (b"[1]", "application/json", "the JSON body must be an object"),
        (b"chat_id: 5", "application/yaml", "unsupported content type"),
    ],
)
async def test_a_broken_body_is_a_violation(api: BotApiServer, body: bytes, kind: str, problem: str) -> None:
    url = f"{api.base_url}/bot{api.token}/sendMessage"
    async with (
        aiohttp.ClientSession() as client,
        client.post(url, data=body, headers={"Content-Type": kind}) as answer,
    ):
        assert answer.status == 400
        assert problem in (await answer.json())["description"]
    assert len(api.violations) == 1
    assert problem in api.violations[0]
    api.violations.clear()


async def test_a_wrong_token_an_unknown_method_and_an_unmodelled_one_are_told_apart(api: BotApiServer) -> None:
    async with aiohttp.ClientSession() as client:

        async def status(token: str, method: str) -> int:
            async with client.get(f"{api.base_url}/bot{token}/{method}") as answer:
                assert (await answer.json())["ok"] is False
                return answer.status

        assert await status("1:x", "getMe") == 401
        assert api.violations == []
        assert await status(api.token, "getYou") == 404
        assert await status(api.token, "getMyStarBalance") == 400
    assert [text.split(": ", 1)[0] for text in api.violations] == ["getYou", "getMyStarBalance"]
    api.violations.clear()
