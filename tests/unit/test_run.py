"""One failing stage is noted once and timed; nothing else is lost."""

import logging

import pytest

from empathy.errors import InputError, ModelRunError
from empathy.run import Run
from empathy.types import Analysis
from tests.fakes import FakePosture, Given


def run():
    return Run(Analysis(input="x", kind="image"))


def test_a_failure_gives_none_is_noted_once_and_keeps_content_out_of_the_log(caplog):
    one = run()

    def fail():
        raise ModelRunError("broke on 'my secret words'")

    with caplog.at_level(logging.WARNING, logger="empathy"):
        assert one.attempt("words", fail) is None
        assert one.attempt("words", fail) is None
    assert [(item.stage, item.why) for item in one.analysis.missing] == [("words", "broke on 'my secret words'")]
    assert "secret" not in caplog.text


def test_times_add_up_over_repeated_work():
    one = run()
    one.attempt("faces", lambda: 1)
    first = one.analysis.timings_ms["faces"]
    one.attempt("faces", lambda: sum(range(100_000)))
    assert one.analysis.timings_ms["faces"] > first


def test_unreadable_input_is_not_a_failing_stage():
    def fail():
        raise InputError("no picture")

    with pytest.raises(InputError):
        run().attempt("faces", fail)


def test_the_engine_that_was_asked_is_named_even_when_it_fails():
    one = run()
    one.ask("posture", Given(FakePosture(error=ModelRunError("broke"))), lambda engine: engine.stand(None, None))
    assert one.analysis.engines == {"posture": "fake posture@1"}
    assert one.analysis.missing[0].why == "broke"


def test_an_engine_that_fails_on_an_input_gives_way_and_is_announced(caplog):
    one, other = run(), FakePosture(name="compact@1")
    failing = FakePosture(error=ModelRunError("broke on 'my secret words'"))
    with caplog.at_level(logging.WARNING, logger="empathy"):
        found = one.ask("posture", Given(failing, other=other), lambda engine: engine.stand(None, None))
    assert found is other.reading
    assert one.analysis.engines == {"posture": "compact@1"}
    assert one.analysis.missing[0].why == "broke on 'my secret words'; compact@1 speaks instead"
    assert "secret" not in caplog.text


def test_when_the_other_fails_too_the_stage_is_silent():
    one, error = run(), ModelRunError("broke")
    provider = Given(FakePosture(error=error), other=FakePosture(name="compact@1", error=error))
    assert one.ask("posture", provider, lambda engine: engine.stand(None, None)) is None
    assert one.analysis.missing[0].why == "broke; compact@1 speaks instead"
