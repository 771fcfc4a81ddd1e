import json

from empathy import __version__, build
from empathy.live.status import status
from empathy.live.ticker import Ticker


def test_status_tells_how_the_process_does_and_nothing_of_a_visitor(tmp_path, monkeypatch):
    monkeypatch.setenv("EMPATHY_MODELS", str(tmp_path))
    ticker = Ticker(1)
    system = build()
    ticker.open(system)
    told = status(ticker, system, 12.34)
    ticker.stop()
    assert told["version"] == __version__
    assert (told["uptime_s"], told["visitors_live"], told["sessions"]) == (12.3, 1, 1)
    assert told["engines"]["faces"] == "face-mesh"
    assert told["memory_mb"] > 10
    assert set(json.loads(json.dumps(told))) == {
        "uptime_s", "version", "engines", "visitors_live", "sessions", "ticks_per_s", "busy", "frames_read",
        "frames_dropped", "stages_ms", "memory_mb"}
