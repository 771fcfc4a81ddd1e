from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from empathy.errors import InputError
from empathy.types import Analysis
from empathy.ui.uploads import GONE, content_of, follow, on_example, on_upload, path_of

from .markup import words
from .scripted import ScriptedSystem


def faces_only(analysis: Analysis) -> list[str]:
    return [f"<p>{len(analysis.faces)}</p>"]


@pytest.mark.parametrize("empty", [None, SimpleNamespace(path=None), {"path": ""}, {}])
def test_an_emptied_field_has_no_path(empty):
    assert path_of(empty) is None


def test_a_path_is_found_however_gradio_hands_it_over(photo: Path):
    assert path_of(SimpleNamespace(path=str(photo))) == photo
    assert path_of({"path": str(photo)}) == photo


@pytest.mark.parametrize("given", ["/etc/passwd", "../../etc/passwd", "https://example.org/a.jpg"])
def test_a_file_that_nobody_uploaded_is_not_read(photo: Path, given: str):
    assert path_of({"path": given}) is None
    assert path_of({"path": str(photo.parent / ".." / ".." / "b.jpg")}) is None


def test_a_link_out_of_the_folder_is_not_followed(photo: Path):
    link = photo.parent / "link.jpg"
    link.symlink_to("/etc/passwd")
    assert path_of({"path": str(link)}) is None


def test_readings_appear_as_they_are_ready(photo: Path):
    steps = list(follow(ScriptedSystem(), photo, faces_only))
    assert steps[0].cards == ""
    assert words(steps[1].cards).startswith("1")
    assert [step.done for step in steps] == [False, False, False, False, True]


def test_a_path_of_the_server_is_never_shown(photo: Path):
    last = list(follow(ScriptedSystem(), photo, faces_only))[-1]
    assert last.analysis is not None
    assert last.analysis.input == "photo.jpg"


def test_what_can_t_be_read_gives_its_sentence(photo: Path):
    last = list(follow(ScriptedSystem(error=InputError("photo.jpg is text: give JPEG")), photo, faces_only))[-1]
    assert last.trouble == words(last.cards) == "photo.jpg is text: give JPEG"
    assert last.done


def test_a_file_that_was_deleted_is_asked_for_again(tmp_path: Path):
    last = list(follow(ScriptedSystem(), tmp_path / "gone.jpg", faces_only))[-1]
    assert last.trouble == GONE
    with pytest.raises(InputError, match="choose it again"):
        content_of(tmp_path / "gone.jpg")


def test_clearing_a_field_clears_what_was_shown():
    listen = on_upload(lambda path: iter(()), ("cleared",))
    assert list(listen(None)) == [("cleared",)]


def test_an_example_fills_its_field_once(photo: Path):
    show = on_example(lambda path: iter([("a",), ("b",)]), photo)
    first, second = show()
    assert first == (str(photo), "a")
    assert second[0] != str(photo)
