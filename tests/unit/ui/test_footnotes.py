from __future__ import annotations

from empathy.types import Analysis, Missing
from empathy.ui.footnotes import MEANINGS, engines_line, footnotes, missing_list

from .markup import words


def test_what_is_missing_is_named_with_its_reason():
    shown = words(missing_list((Missing(stage="transcript", why="whisper is not here"),)))
    assert shown == "Not read here: transcriptstagewhytranscriptwhisper is not here"
    assert missing_list(()) == ""


def test_who_spoke_is_told():
    analysis = Analysis(input="x", kind="image", engines={"faces": "mesh@1"}, timings_ms={"faces": 40.0, "x": 10.0})
    assert words(engines_line(analysis)) == "Engines: faces: mesh@1 · 50 ms"
    assert engines_line(Analysis(input="x", kind="image")) == ""


def test_nobody_is_made_to_believe_that_a_person_answered():
    analysis = Analysis(input="x", kind="turn", engines={"reply": "human"}, timings_ms={"reply": 0.1})
    assert words(engines_line(analysis)) == "Engines: reply: written by people beforehand"


def test_numbers_are_explained_where_something_was_read():
    read = Analysis(input="x", kind="turn", engines={"words": "compact@1"})
    assert all(each in words("".join(footnotes(read))) for each in MEANINGS)
    assert not any(footnotes(Analysis(input="x", kind="turn")))
    assert MEANINGS[0] not in words("".join(footnotes(Analysis(input="x", kind="turn", engines={"reply": "human"}))))
