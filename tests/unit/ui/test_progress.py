from empathy.memory.session import Session
from empathy.pipeline import Empathy
from empathy.settings import Settings
from empathy.ui.examples import VOICES
from empathy.ui.progress import SAYINGS, status
from tests.fakes import fake_engines


def test_each_stage_of_a_voice_says_what_comes_next():
    system = Empathy(fake_engines(), Settings(), clock=lambda: 0.0)
    with_a_voice = system.talk(Session.start(0.0), words="Hello", sound=VOICES[0].path)
    stages = [update.stage for update in with_a_voice]
    assert stages.index("transcript") < stages.index("words")
    assert set(stages) <= set(SAYINGS)


def test_nothing_is_called_understood_before_it_was():
    assert "understood" not in status("transcript")
