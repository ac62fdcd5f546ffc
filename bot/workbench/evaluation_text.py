"""The report of an evaluation for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.kb.model import one_line
from bot.match.decide.matcher import Matcher
from bot.workbench.evaluate import BAD, OUTCOMES, CaseResult, Report

_SHOWN = 3  # phrases of a pair of entries that are confused


def as_text(report: Report) -> str:
    """Tables."""
    lines = [f"{'lang':5}{'kind':14}{'n':>5}" + "".join(f"{name:>9}" for name in OUTCOMES) + f"{'language':>10}"]
    for (lang, group), tally in report.tallies.items():
        shares = "".join(f"{tally.percent(name):9.1f}" for name in OUTCOMES)
        extra = f"  gaps {tally.gaps[0]}/{tally.gaps[1]}" if tally.gaps[1] else ""
        extra += f"  both {tally.both[0]}/{tally.both[1]}" if tally.both[1] else ""
        extra += f"  wanted {tally.fits[0]}/{tally.fits[1]}" if tally.fits[1] else ""
        right = 100 * tally.language_right / tally.size
        lines.append(one_line(f"{lang:5}{group:14}{tally.size:5}{shares}{right:10.1f}{extra}"))
    lines += ["", f"Expected calibration error {report.calibration_error:.3f}", "score  right      n"]
    lines += [f"{score:5.2f}  {right:5.2f}  {size:5}" for score, right, size in report.tenths]
    lines += ["", "threshold  answered rightly  precision  others answered"]
    lines += [f"{t:9.2f}{hit:18.3f}{sure:11.3f}{wrong:17.3f}" for t, hit, sure, wrong in report.costs]
    return "\n".join(lines)


def misses(report: Report) -> Iterator[str]:
    """What was expected beside what came, the worst first; then what was right, but not as labelled."""
    bad = [result for result in report.results if result.outcome in BAD]
    for result in sorted(bad, key=lambda one: (BAD.index(one.outcome), -one.score)):
        yield from _miss(result, result.outcome)
    for result in report.results:
        if result.outcome not in BAD and result.flaws:
            yield from _miss(result, f"{result.outcome}, but {', '.join(result.flaws)}")


def expected(result: CaseResult) -> str:
    """What a case wants, in the words of `reply_in_words`."""
    case = result.case
    if not case.expect:
        return "no answer"
    said = (" + " if case.both else " or ").join(case.expect)
    return f"answer {said}" + ", with the gap" * bool(case.gap)


def ranked(result: CaseResult) -> str:
    """The candidates with their scores, and the best group beside them."""
    found = [f"{entry} {score:.2f}" for entry, score in result.candidates]
    return ", ".join(found + ([f"({result.refusal[0]} {result.refusal[1]:.2f})"] if result.refusal else []))


def _miss(result: CaseResult, outcome: str) -> Iterator[str]:
    case = result.case
    yield one_line(f"{outcome}: {case.id} [{case.lang}, {case.kind}] {case.question}")
    yield one_line(f"    expected  {expected(result)}")
    yield one_line(f"    came      {result.came}; {result.reason}")
    if result.candidates:
        yield one_line(f"    ranked    {ranked(result)}")


def confused(matchers: Mapping[str, Matcher]) -> Iterator[str]:
    """A hint for each pair of entries that the base's own phrases confuse, with some of these phrases."""
    for lang, matcher in matchers.items():
        for one in matcher.index.confused:
            shown = ", ".join(f'"{phrase}"' for phrase in one.phrases[:_SHOWN])
            more = f" and {len(one.phrases) - _SHOWN} more" if len(one.phrases) > _SHOWN else ""
            said = f"hint: {lang}: without the phrase itself, {shown}{more} of {one.entry} would lead to {one.other}"
            yield one_line(f"{said}; tell the two apart, or join them")
