"""One reply, sentence by sentence: crisis text first, then the engine behind the guard, and never a lost turn."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias, get_args

from ..errors import ModelError
from ..memory.session import Session, key
from ..protocols import ReplyEngine, ReplyRequest
from ..registry import PROMPTS
from ..types import Care, RiskCategory
from .composer import Composer, compose
from .crisis import after_text, crisis_text
from .guard import Evidence, check, reasons
from .prompt import build_rewrite

NOTICE_S = 3 * 3600.0
"""The notice that this is software comes back after three hours."""

MAX_SENTENCES = 5

_END = re.compile(r"(?<=[.!?])[\"')\]]*(?=\s)|\n+")
_WHOLE = re.compile(r"[a-z'’]{2}[.!?]$|[!?]$")
_SHORT = re.compile(r"\b(?:mr|mrs|ms|dr|st|e\.g|i\.e)\.$", re.IGNORECASE)


Failed: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence of a reply: ``text`` as shown, "" while the engine still has to wait; ``engine`` who wrote it."""

    text: str
    engine: str


def notice_due(session: Session, now_s: float) -> str | None:
    """The notice that this is software, at the start and every three hours; None when it is not due."""
    if session.noticed_s is None and session.n_turns == 0:
        return _notices()["start"]
    since = session.noticed_s if session.noticed_s is not None else session.started_s
    return _notices()["again"] if now_s - since >= NOTICE_S else None


@cache
def _notices() -> dict[str, str]:
    return tomllib.loads((PROMPTS / "notice.toml").read_text(encoding="utf-8"))


def _untold(why: str) -> None:
    """Nobody wants to know."""


def respond(
    request: ReplyRequest, engine: ReplyEngine | None, *, country: str = "", category: RiskCategory | None = None,
    failed: Failed = _untold, spoke: Callable[[str], None] = _untold,
) -> Iterator[str]:
    """The text of the reply as it comes; joined, the pieces are the reply, and one is empty while the engine has to
    wait. ``spoke`` is told who wrote each piece; the other arguments as in ``speak``."""
    gap, begun = "\n" if request.care.level == "crisis" else " ", False
    for spoken in speak(request, engine, country=country, category=category, failed=failed):
        if spoken.text:
            spoke(spoken.engine)
        yield f"{gap}{spoken.text}" if begun and spoken.text else spoken.text
        begun = begun or bool(spoken.text)


def speak(
    request: ReplyRequest, engine: ReplyEngine | None, *, country: str = "", category: RiskCategory | None = None,
    failed: Failed = _untold,
) -> Iterator[Spoken]:
    """The sentences of the reply as they come, each with its author.

    Args:
        request: words, readings, care, memory and prompt.
        engine: who writes; when it fails midway the composer takes over. None: the composer. Not asked in a crisis.
        country: ISO 3166 code for the help lines.
        category: the kind of danger the words spoke of, if any.
        failed: is told why the engine failed, when it does.
    """
    session = request.memory if isinstance(request.memory, Session) else Session.start(0.0)
    if request.care.level == "crisis":
        again = bool(session.turns) and session.turns[-1].care.level == "crisis"
        for line in crisis_text(country, category or _category(request.care), again=again):
            yield Spoken(line, "human")
        return
    if request.care.level == "support" and session.crisis_s is not None:
        since = sum(turn.care.level == "support" for turn in session.turns)  # no wording twice, were it a second crisis
        said_ok = any("I'm OK" in reason for reason in request.care.reasons)
        for line in after_text(country, n=since, said_ok=said_ok):
            yield Spoken(line, "human")
        return
    yield from _generated(request, engine or Composer(), session, failed)


def _category(care: Care) -> RiskCategory | None:
    """The kind of danger, as ``care.decide`` wrote it into its reasons."""
    told = " ".join(care.reasons)
    return next((category for category in get_args(RiskCategory) if category in told), None)


def _generated(request: ReplyRequest, engine: ReplyEngine, session: Session, failed: Failed) -> Iterator[Spoken]:
    if isinstance(engine, Composer):
        for sentence in compose(request):
            yield Spoken(sentence, engine.name)
        return
    fallback, shown = _Fallback(request, session), list[str]()
    try:
        broken = yield from _heard(request, engine, session, shown, None)
        if broken and not request.cancelled():
            again = replace(request, messages=build_rewrite(request.messages, reasons(broken), shown))
            yield from _heard(again, engine, session, shown, fallback)
    except ModelError as error:
        failed(str(error))
    if request.cancelled():
        return
    if not shown or shown[-1].rstrip("\"')")[-1:] not in ".!?":
        while text := fallback.next(shown):
            shown.append(text)
            yield Spoken(text, fallback.name)


def _heard(request: ReplyRequest, engine: ReplyEngine, session: Session, shown: list[str], fallback: _Fallback | None,
           ) -> Generator[Spoken, None, tuple[str, ...]]:
    """The engine's sentences that may be shown. Without a ``fallback`` it ends at the first that may not, and gives
    back the rules that it broke; with one, the composer's sentences take their place."""
    evidence = Evidence(" ".join([*(turn.words for turn in session.turns), request.words]), request.estimate)
    pieces = engine.reply(request)
    try:
        for sentence in sentences_of(pieces):
            if not sentence:
                yield Spoken("", "")
                continue
            broken = check(sentence, evidence)
            if broken and fallback is None:
                return broken
            if not broken and key(sentence) in session.said | {key(earlier) for earlier in shown}:
                continue
            text = fallback.next(shown) if broken and fallback else sentence
            if text:
                shown.append(text)
                yield Spoken(text, fallback.name if broken and fallback else engine.name)
            if len(shown) >= MAX_SENTENCES or (broken and fallback and fallback.spent):
                break
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()
    return ()


class _Fallback:
    """The composer's sentences, handed out one at a time in place of what may not be shown."""

    name = Composer.name

    def __init__(self, request: ReplyRequest, session: Session) -> None:
        self._request, self._session = request, session
        self._left: list[str] | None = None

    @property
    def spent(self) -> bool:
        return self._left == []

    def next(self, shown: list[str]) -> str | None:
        if self._left is None:
            memory = replace(self._session, said=self._session.said | {key(text) for text in shown})
            self._left = list(compose(replace(self._request, memory=memory)))
        asked = any(text.rstrip().endswith("?") for text in shown)
        while self._left:
            text = self._left.pop(0)
            if not (asked and text.endswith("?")):
                return text
        return None


def sentences_of(pieces: Iterator[str]) -> Iterator[str]:
    """Streamed pieces gathered to whole sentences, each as soon as it is complete; an unfinished last one is dropped
    when something was complete before it. An empty piece is handed on."""
    buffer, n = "", 0
    for piece in pieces:
        if not piece:
            yield ""
        buffer += piece
        while (end := _end(buffer) or _end_of_all(buffer)) is not None:
            sentence, buffer = buffer[:end].strip(), buffer[end:].lstrip()
            if any(char.isalnum() for char in sentence):
                n += 1
                yield sentence
    last = buffer.strip()
    if any(char.isalnum() for char in last) and (last[-1] in ".!?\"')" or n == 0):
        yield last if last[-1] in ".!?\"')" else f"{last}."


def _end(buffer: str) -> int | None:
    """Where the first whole sentence ends; the dot of a title is no end."""
    ends = (found.end() for found in _END.finditer(buffer) if not _SHORT.search(buffer[: found.start()]))
    return next(ends, None)


def _end_of_all(buffer: str) -> int | None:
    """The end of what is there, where no next piece is needed to know that a sentence ends with it: nobody waits for
    one. What may go on is a number, a title, an initial, dots, or something quoted."""
    closed = not any(buffer.count(mark) % 2 for mark in "\"*_") and buffer.count("(") == buffer.count(")")
    return len(buffer) if closed and _WHOLE.search(buffer) and not _SHORT.search(buffer) else None
