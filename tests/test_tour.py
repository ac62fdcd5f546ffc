"""The tour shows what the bot really said: pages from its replies, drawn without a browser here."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest

from tests.botapi.html_entities import parse_html
from tests.botapi.server import BotApiServer
from tests.telegram_bot import running
from tests.telegram_desk import service
from tools import tour, tour_shots
from tools.tour_page import Message, Result, Scene, marked_up, page
from tools.tour_scenes import SCENES, Stage

ROOT = Path(__file__).parents[1]
TOUR = ROOT / "docs" / "tour.md"
WIDTH = 780
VOID = {"meta", "img", "br"}


class Outline(HTMLParser):
    """The text of a page; fails where tags do not close as they should."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    return found


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<b>a</b> &lt;b&gt;", "<b>a</b> &lt;b&gt;"),
        ("<b>😀 a <i>b</i></b>c", "<b>😀 a <i>b</i></b>c"),
        ('<a href="https://e.x/?a=1&amp;b=2">x</a>', '<a href="https://e.x/?a=1&amp;b=2">x</a>'),
        ("<blockquote>q</blockquote>\n\nrest", "<blockquote>q</blockquote>\nrest"),
        ("<blockquote expandable><b>t</b>\nq</blockquote>", "<blockquote><b>t</b>\nq</blockquote>"),
        ("<i>a</i><b>b</b>", "<i>a</i><b>b</b>"),
        ("see /topics", "see <a>/topics</a>"),
        ("и/или 1/2", "и/или 1/2"),
    ],
)
def test_entities_become_markup(source: str, shown: str) -> None:
    assert marked_up(*parse_html(source)) == shown


def test_nothing_that_was_typed_becomes_markup() -> None:
    evil = '<script>alert("x")</script>'
    scene = Scene(
        evil, "en", evil, evil, [Message(evil, sender=evil, answers=(evil, evil))], evil, [Result(evil, evil)]
    )
    assert "<script" not in page(scene)


@pytest.mark.parametrize("name", ["answer", "inline", "inline-sent", "stats", "topics", "unanswered", "group"])
async def test_each_scene_shows_every_reply_of_the_bot(name: str) -> None:
    async with BotApiServer() as api, running(api, service=service(), admin_ids=(1003,)) as bot:
        scene = await SCENES[name](Stage(name, api, bot))
        found = outline(page(scene))
        for sent in api.sent:
            assert sent.text in found.text
            for button in sent.buttons:
                assert button["text"] in found.text
    assert found.open == []
    assert api.violations == []
    assert api.sent or scene.results or scene.messages


async def test_inline_results_are_those_of_the_bot() -> None:
    async with BotApiServer() as api, running(api, service=service()) as bot:
        scene = await SCENES["inline"](Stage("inline", api, bot))
    [call] = api.calls_of("answerInlineQuery")
    assert [one.title for one in scene.results] == [one["title"] for one in call.params["results"]]
    assert scene.results_button == call.params["button"]["text"]


def test_without_chromium_it_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert tour.main([]) == 1
    assert "apt-get install -y chromium" in capsys.readouterr().err


def test_a_picture_is_cut_out_and_kept_small() -> None:
    image = pytest.importorskip("PIL.Image")
    raw = BytesIO()
    picture = image.effect_noise((400, 300), 60).convert("RGB")
    around = image.new("RGB", (500, 600), (255, 0, 255))
    around.paste(picture, (0, 0))
    around.save(raw, "PNG")
    small = image.open(BytesIO(tour_shots.cut(raw.getvalue())))
    assert small.size == (400, 300)


def pictures() -> Iterator[str]:
    yield from re.findall(r'src="(tour/[\w-]+\.png)"', TOUR.read_text(encoding="utf-8"))


def test_the_written_tour_shows_each_scene_once() -> None:
    assert sorted(pictures()) == sorted(f"tour/{name}.png" for name in SCENES)


def test_each_picture_is_there_as_wide_as_a_phone_and_below_150_kb() -> None:
    for name in pictures():
        data = (TOUR.parent / name).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert struct.unpack(">I", data[16:20]) == (WIDTH,)
        assert len(data) < tour_shots.MOST_BYTES
