"""Draws chats as an HTML page in the manner of a phone: bubbles, buttons, quotes. Pure: what was sent in, HTML out."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CSS = Path(__file__).with_name("tour.css")
_TAGS = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre"}
_COLOURS = 4  # of names in groups
_COMMAND = re.compile(r"(?<![\w/&])/[a-z][a-z0-9_]*")
_BARE = re.compile(r"https?://[^\s<]+")


@dataclass(frozen=True, slots=True)
class Message:
    """A bubble. `mine` is what the reader of the phone wrote; `sender` stands above it in groups."""

    text: str
    mine: bool = False
    entities: Sequence[Mapping[str, Any]] = ()
    keyboard: Sequence[Sequence[Mapping[str, Any]]] = ()
    sender: str = ""
    via: str = ""
    answers: tuple[str, str] | None = None  # whose words this replies to, and the words
    photo: bytes | None = None
    pressed: str = ""  # the text of the button that is pressed next


@dataclass(frozen=True, slots=True)
class Result:
    """A line of the list that inline mode shows."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One phone: head, messages in order, and what stands at the bottom while somebody types `typed`."""

    name: str
    lang: str
    title: str
    subtitle: str
    messages: Sequence[Message]
    typed: str = ""
    results: Sequence[Result] = ()
    results_button: str = ""
    times: Sequence[str] = field(default_factory=lambda: [f"10:{minute:02}" for minute in range(24, 60)])


def page(scene: Scene) -> str:
    """The whole page. The phone stands on magenta, so that it can be cut out."""
    bubbles = "".join(_message(one, time) for one, time in zip(scene.messages, scene.times, strict=False))
    return (
        f'<!doctype html><html lang="{scene.lang}"><meta charset="utf-8"><title>{_text(scene.name)}</title>'
        f"<style>{CSS.read_text(encoding='utf-8')}</style><body><main>{_head(scene)}"
        f'<section class="chat">{bubbles}</section>{_bottom(scene)}</main></body></html>'
    )


def marked_up(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """Telegram's text and entities (UTF-16 offsets, nested or side by side) as HTML."""
    units = text.encode("utf-16-le")
    marks: dict[int, list[str]] = {}
    for entity in sorted(entities, key=lambda one: (one["offset"], -one["length"])):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        opening, closing = _tags(entity)
        marks.setdefault(start, []).append(opening)
        marks.setdefault(end, []).insert(0, closing)
    out, last = [], 0
    for place in sorted({*marks, len(units) // 2}):
        out.append(_plain(units[2 * last : 2 * place].decode("utf-16-le")))
        out += marks.get(place, [])
        last = place
    return "".join(out).replace("</blockquote>\n", "</blockquote>")  # the end of its own line, which a block has anyway


def _tags(entity: Mapping[str, Any]) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{_text(entity["url"])}">', "</a>"
    if kind in ("blockquote", "expandable_blockquote"):
        return "<blockquote>", "</blockquote>"
    tag = _TAGS.get(kind, "span")
    return f"<{tag}>", f"</{tag}>"


def _plain(text: str) -> str:
    """Commands and bare addresses are links in every Telegram."""
    shown = _BARE.sub(lambda found: f"<a>{found[0]}</a>", html.escape(text, quote=False))
    return _COMMAND.sub(lambda found: f"<a>{found[0]}</a>", shown) if "<a>" not in shown else shown


def _text(text: str) -> str:
    return html.escape(text)


def _head(scene: Scene) -> str:
    return (
        f'<header><span class="back">‹</span><span class="face">{_text(scene.title[:1])}</span>'
        f"<div><h1>{_text(scene.title)}</h1><p>{_text(scene.subtitle)}</p></div></header>"
    )


def _message(one: Message, time: str) -> str:
    side = "out" if one.mine else "in"
    wide = " wide" if one.keyboard or one.photo else ""
    checks = '<span class="checks">✓✓</span>' if one.mine else ""
    body = (
        f'<div class="bubble">{_above(one)}<div class="text">{marked_up(one.text, one.entities)}'
        f'<span class="time">{time}{checks}</span></div></div>'
    )
    return f'<article class="{side}{wide}">{body}{_keyboard(one)}</article>'


def _above(one: Message) -> str:
    """What stands in the bubble over its words."""
    colour = sum(map(ord, one.sender)) % _COLOURS
    sender = f'<p class="sender name{colour}">{_text(one.sender)}</p>' if one.sender else ""
    via = f'<p class="via">via @{_text(one.via)}</p>' if one.via else ""
    answers = ""
    if one.answers:
        who, words = one.answers
        answers = f'<div class="answers"><b>{_text(who)}</b><span>{_text(words)}</span></div>'
    photo = ""
    if one.photo:
        data = base64.b64encode(one.photo).decode("ascii")
        photo = f'<img alt="" src="data:image/png;base64,{data}">'
    return sender + via + answers + photo


def _keyboard(one: Message) -> str:
    if not one.keyboard:
        return ""
    rows = "".join(f'<div class="row">{"".join(_button(b, one.pressed) for b in row)}</div>' for row in one.keyboard)
    return f'<div class="keyboard">{rows}</div>'


def _button(button: Mapping[str, Any], pressed: str) -> str:
    state = " pressed" if button["text"] == pressed else ""
    mark = "↗" if "url" in button else "➦" if "switch_inline_query" in button else ""
    corner = f'<span class="corner">{mark}</span>' if mark else ""
    return f'<div class="button{state}"><span class="label">{_text(button["text"])}</span>{corner}</div>'


def _bottom(scene: Scene) -> str:
    """The list of inline results, if there is one, and the line in which one types."""
    if not scene.typed:
        return ""
    rows = "".join(
        f'<li><span class="thumb">{_text(one.title[:1])}</span><div><b>{_text(one.title)}</b>'
        f"<p>{_text(one.description)}</p></div></li>"
        for one in scene.results
    )
    button = f'<div class="more">{_text(scene.results_button)}</div>' if scene.results_button else ""
    results = f'<div class="results">{button}<ul>{rows}</ul></div>' if rows or button else ""
    return f'{results}<footer><div class="typed">{_text(scene.typed)}<i></i></div></footer>'
