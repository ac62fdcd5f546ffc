"""What the benchmarks count, on answers made up for it; the page, the charts, and the data set of our own questions."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks import figures
from benchmarks.__main__ import MARKS, write
from benchmarks.charts import coverage, growth
from benchmarks.data_sets import DataSet, sets_of
from benchmarks.encoders import Encoder
from benchmarks.figures import Said
from benchmarks.growth import TARGETS, Grown, Size, grow, tables
from benchmarks.made_up import made_up
from benchmarks.measuring import Measured, asked, installed, measured, read
from benchmarks.questions.__main__ import make
from benchmarks.systems import OURS, SYSTEMS, YARDSTICK, Learnt, Named
from benchmarks.tables import all_tables, filled, table
from tests.conftest import ROOT
from tests.kb_bases import SMALL_BASE

SAID = Said(
    right=np.array([True, True, False, True, False, False]),
    inside=np.array([True, True, True, True, False, False]),
    scores=np.array([0.9, 0.8, 0.7, 0.3, 0.75, 0.1]),
    seconds=np.array([0.001, 0.002, 0.003, 0.004, 0.005, 0.006]),
    threshold=0.72,
)
DATA = DataSet(
    "tea",
    "en",
    [("tea", "a cup of tea"), ("tea", "is there any tea"), ("bread", "fresh bread"), ("bread", "a loaf of bread")],
    [("tea please", ("tea",)), ("bread please", ("bread", "tea")), ("how tall is the tower", ())],
)
GROWN = {(Size(1_000, 150), OURS): Grown(2.0, 0.5, 90), (Size(1_000, 150), YARDSTICK): Grown(0.01, 1.0, 60)}


def test_a_threshold_tells_right_wrong_and_false_answers() -> None:
    came = figures.shares(SAID, 0.72)
    assert (came.right, came.wrong, came.false, came.declined, came.covered) == (50, 0, 50, 50, 50)
    assert SAID.accuracy == 75
    everything = figures.shares(SAID, 0.0)
    assert (everything.right, everything.wrong, everything.false) == (75, 25, 100)


def test_a_peer_is_held_to_as_many_answers_as_ours() -> None:
    assert figures.threshold_for(SAID, 50) == 0.8
    assert figures.threshold_for(SAID, 51) == 0.7
    assert figures.threshold_for(SAID, 100) == 0.3
    assert figures.shares(SAID, figures.threshold_for(SAID, 75)).covered == 75


def test_the_area_is_the_share_of_pairs_in_order_and_a_tie_is_half() -> None:
    pairs = [(a > b) + (a == b) / 2 for a in SAID.scores[SAID.inside] for b in SAID.scores[~SAID.inside]]
    assert figures.auroc(SAID) == pytest.approx(100 * sum(pairs) / len(pairs))
    tied = Said(np.array([True, False]), np.array([True, False]), np.array([0.5, 0.5]), np.zeros(2))
    assert figures.auroc(tied) == 50


def test_a_score_that_says_what_is_so_has_no_error() -> None:
    sure = Said(SAID.right, SAID.inside, SAID.right.astype(float), SAID.seconds)
    assert figures.calibration_error(sure) == figures.brier(sure) == 0
    half = Said(np.array([True, False]), np.array([True, True]), np.array([0.55, 0.55]), np.zeros(2))
    assert figures.calibration_error(half) == pytest.approx(0.05)
    assert figures.brier(half) == pytest.approx((0.45**2 + 0.55**2) / 2)


def test_a_curve_ends_where_everything_is_answered_and_takes_ties_together() -> None:
    covered, precise = figures.curve(SAID)
    assert (covered[-1], precise[-1]) == (1.0, 0.5)
    assert (covered[0], precise[0]) == (0.25, 1.0)
    tied = Said(SAID.right, SAID.inside, np.full(6, 0.5), SAID.seconds)
    assert [len(one) for one in figures.curve(tied)] == [1, 1]


def test_any_of_the_right_entries_counts_and_a_batch_is_timed_on_a_few() -> None:
    def many(questions: Sequence[str]) -> list[Named]:
        return [("tea", 0.5)] * len(questions)

    said = asked(Learnt(lambda question: many([question])[0], many=many, timed=2), DATA)
    assert said.right.tolist() == [True, True, False]
    assert said.inside.tolist() == [True, True, False]
    assert len(said.seconds) == 2


def test_what_was_kept_is_not_measured_again(tmp_path: Path) -> None:
    first = measured([DATA], [OURS, YARDSTICK], tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    again = measured([DATA], [OURS, YARDSTICK], tmp_path)
    for key, said in first.results.items():
        assert again.results[key].seconds.tolist() == said.seconds.tolist()
        assert again.results[key].threshold == said.threshold
    (kept,) = tmp_path.glob(f"*{YARDSTICK}*")
    assert read(kept).threshold is None
    assert measured([DATA], [OURS, "bm25s"], tmp_path, new=False).said(DATA, "bm25s") is None


def test_the_tables_have_a_row_for_each_set_and_a_column_for_each_system() -> None:
    found = Measured([DATA], [OURS, YARDSTICK, "bm25s"], {("tea", name): SAID for name in (OURS, YARDSTICK, "bm25s")})
    text = all_tables(found)
    rows = [re.split(r" *\| *", line.strip("| ")) for line in text.splitlines() if line.startswith("| tea")]
    assert ["tea", "2", "4", "2", "1"] in rows
    assert ["tea", "75.0", "75.0", "75.0"] in rows
    assert ["tea", "0.72", "50.0", "0.0", "50.0", "50.0"] in rows
    calibrated = text.split("### Calibration")[1].split("### Speed")[0]
    assert not re.search(r"\| bm25s +\|", calibrated), "no probability is read from its scores"
    assert "3.50 / 5.95 ms" in text


def test_what_was_not_measured_is_left_open() -> None:
    found = Measured([DATA], [OURS, YARDSTICK], {("tea", OURS): SAID})
    assert re.search(r"\| tea +\| +75.0 \| +– \|", all_tables(found))
    assert coverage(found, [DATA])


def test_without_questions_that_nothing_answers_nothing_is_said_of_declining() -> None:
    plain = DataSet("tea", "en", DATA.pairs, DATA.questions[:2])
    text = all_tables(Measured([plain], [OURS], {("tea", OURS): SAID}))
    assert "### Accuracy" in text
    assert "AUROC" not in text
    assert "threshold" not in text


def test_a_table_is_even() -> None:
    lines = table(["set", "a"], [["one", "1"], ["longer", "10.0"]]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[1] == "| ------ | ---: |"


def test_the_page_keeps_what_stands_outside_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        f"Before.\n\n<!-- {MARKS}: how -->\nworn out\n<!-- end of {MARKS} -->\n\nAfter.\n", encoding="utf-8"
    )
    found = Measured([DATA], [OURS], {("tea", OURS): SAID})
    for _ in range(2):
        write(page, found, "new")
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"Before.\n\n<!-- {MARKS}: how -->\n\nnew\n")
    assert text.endswith(f"<!-- end of {MARKS} -->\n\nAfter.\n")
    assert "worn out" not in text
    assert (tmp_path / "page-coverage.svg").is_file()
    with pytest.raises(KeyError):
        filled("no marks", MARKS, "new")


def test_the_charts_are_the_same_for_the_same_figures() -> None:
    found = Measured([DATA], [OURS, YARDSTICK], {("tea", OURS): SAID, ("tea", YARDSTICK): SAID})
    first = coverage(found, [DATA])
    assert first == coverage(found, [DATA])
    assert ">tea</text>" in first, "letters are letters"
    assert growth(GROWN) == growth(GROWN)


def test_a_target_is_kept_missed_or_not_tried() -> None:
    small, middle, large = TARGETS
    kept = Grown(small.seconds, small.p50, 5_000)
    found = GROWN | {(small.size, OURS): kept, (middle.size, OURS): None}
    assert small.met(kept)
    assert not middle.met(Grown(1.0, 1.0, 1025))
    ends = [line.split("|")[-2].strip() for line in tables(found).splitlines()[-3:]]
    assert ends == ["yes", "no", "–"]
    assert str(large.size) in tables(found)


def test_phrases_are_made_up_the_same_each_time_and_learnt_from() -> None:
    data = made_up(40, 4)
    assert data == made_up(40, 4)
    assert len(data.pairs) == 40
    assert {entry for entry, _ in data.pairs} == {f"entry-{number}" for number in range(4)}
    found = grow(Size(40, 4), YARDSTICK)
    assert found.p50 > 0
    assert found.megabytes > 1


def test_an_encoder_encodes_a_text_of_a_batch_once() -> None:
    seen: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        seen.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], np.float32)

    encoder = Encoder(encode)
    assert encoder.many(["aa", "b", "aa"]).tolist() == [[2, 1], [1, 1], [2, 1]]
    encoder.many(["b"])
    assert seen == ["b", "aa"]
    assert encoder.one("b").tolist() == [1, 1]


def test_what_is_not_locked_is_skipped_with_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import systems

    monkeypatch.setitem(SYSTEMS, "oracle", systems.System(systems.bm25, "no_such_module", locked=False))
    assert installed([OURS, "oracle"]) == [OURS]
    assert "oracle: skipped, there is no no_such_module" in capsys.readouterr().err
    monkeypatch.setitem(SYSTEMS, "oracle", systems.System(systems.bm25, "no_such_module"))
    with pytest.raises(SystemExit, match="make bench"):
        installed(["oracle"])


def test_our_questions_become_a_set_that_the_benchmarks_read(tmp_path: Path) -> None:
    cases, out = tmp_path / "cases", tmp_path / "data" / "questions"
    (cases / "en").mkdir(parents=True)
    from bot.kb.load import load

    entry = next(iter(load(SMALL_BASE).entries.values()))
    lines = [
        {"id": 1, "lang": "en", "q": "what of the tower", "expect": [entry.id], "kind": "plain"},
        {"id": 2, "lang": "en", "q": f"{entry.texts['en'].question.upper()}!", "expect": [entry.id], "kind": "plain"},
        {"id": 3, "lang": "en", "q": "and of the bridge", "expect": [], "kind": "oos-near"},
    ]
    (cases / "en" / "towers.jsonl").write_text("\n".join(map(json.dumps, lines)))
    danger = {"id": "d", "lang": "en", "q": "help me", "danger": True, "kind": "own", "voice": 1}
    (cases / "danger.jsonl").write_text(json.dumps(danger))
    make(out, cases, SMALL_BASE)
    data = next(one for one in sets_of(tmp_path / "data")[0] if one.name == "Our questions, English")
    assert data.questions == [("what of the tower", (entry.id,)), ("and of the bridge", ())]
    assert (entry.id, entry.texts["en"].question) in data.pairs
    card = (out / "README.md").read_text(encoding="utf-8")
    assert re.search(r"\| questions.jsonl +\| +3 \|", card)
    assert re.search(r"\| of all: `seen` +\| +1 \|", card)
    assert "CC BY 4.0" in (out / "LICENSE").read_text(encoding="utf-8")
    assert json.loads((out / "en" / "danger.jsonl").read_text()) == danger


def test_the_card_describes_every_kind_and_field_of_a_question() -> None:
    card = (ROOT / "benchmarks" / "questions" / "README.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`(\w[\w-]*)`", card))
    for path in (ROOT / "tests" / "cases").glob("*/*.jsonl"):
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            assert {*line, line["kind"]} <= described, path


def test_the_page_has_the_marks_that_the_commands_fill() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    for name in (MARKS, "growth"):
        assert filled(page, name, "figures")
