import base64
import io
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from empathy.cli.main import main
from empathy.errors import InputError
from empathy.evaluation.bench_live import Load, _summary, growth
from empathy.evaluation.live_clip import FPS, MADE_S, load_clip
from empathy.evaluation.live_visitor import Arrival, LiveVisitor
from empathy.settings import Settings


@pytest.fixture(scope="module")
def clip():
    return load_clip(None, Settings())


class Page(BaseHTTPRequestHandler):
    """A page that gives a tick for every second beat."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list] = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        beats = [each for each in self.asked if each["fn_name"] == "beat"]
        n, fed_s = len(beats) // 2, float(len(beats))
        tick = {"n": n, "frames_read": n, "frames_dropped": n, "seeing": "face", "frame": {"captured_s": fed_s}}
        answer = {} if body["fn_name"] != "beat" else {"tick": None if len(beats) % 2 else tick, "fed_s": fed_s}
        text = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        return


def test_a_made_clip_has_a_face_that_moves_and_a_voice(clip):
    assert clip.duration_s == MADE_S
    assert len(clip.frames) == round(MADE_S * FPS)
    assert len(set(clip.frames)) > 50
    picture = Image.open(io.BytesIO(base64.b64decode(clip.frames[0])))
    assert picture.size == (480, 360)
    heard = np.frombuffer(clip.sound, "<i2")
    assert heard.size == MADE_S * 16_000
    assert np.abs(heard).max() > 1000


def test_a_clip_begins_again_when_it_is_over(clip):
    assert clip.frame_at(MADE_S + 0.25) == clip.frame_at(0.25)
    assert clip.sound_between(MADE_S + 1.0, MADE_S + 1.5) == clip.sound_between(1.0, 1.5)
    around = np.frombuffer(base64.b64decode(clip.sound_between(MADE_S - 0.25, MADE_S + 0.25)), "<i2")
    assert around.size == 8000


def test_what_is_no_video_is_refused_with_a_sentence(tmp_path):
    file = tmp_path / "picture.png"
    Image.new("RGB", (8, 8)).save(file)
    with pytest.raises(InputError, match="no video"):
        load_clip(file, Settings())


def test_a_visitor_beats_as_the_page_does_and_keeps_the_age_of_what_comes(clip):
    server, done = ThreadingHTTPServer(("127.0.0.1", 0), Page), threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    visitor = LiveVisitor(port=server.server_port, component=7, clip=clip, first_s=0.0, done=done)
    thread = threading.Thread(target=visitor.run)
    thread.start()
    while len(visitor.arrivals) < 2 and thread.is_alive():
        time.sleep(0.02)
    done.set()
    thread.join()
    server.shutdown()
    names = [body["fn_name"] for body in Page.asked]
    assert (names[0], names[-1]) == ("control", "control")
    first, second = [body["data"] for body in Page.asked if body["fn_name"] == "beat"][:2]
    assert {body["component_id"] for body in Page.asked} == {7}
    assert len({body["session_hash"] for body in Page.asked}) == 1
    assert (first["seen"], second["seen"]) == (0, 0)
    assert first["frame"] in clip.frames
    assert all(0 <= arrival.age_ms < 5000 and arrival.seeing == "face" for arrival in visitor.arrivals)
    assert visitor.n_failed == 0
    assert visitor.frames_dropped == visitor.frames_read


def visitor(clip, ages_ms, dropped=0):
    person = LiveVisitor(port=0, component=0, clip=clip, first_s=0.0, done=threading.Event())
    person.arrivals = [Arrival(at_s=i / 2, age_ms=age_ms, seeing="face") for i, age_ms in enumerate(ages_ms)]
    person.frames_read, person.frames_dropped = len(ages_ms), dropped
    return person


def test_the_summary_in_closed_form(clip):
    load = Load(memory_mb=(500.0,) * 40, cpu_s=30.0, wall_s=40.0)
    even = visitor(clip, [100.0] * 80, dropped=20)
    growing = visitor(clip, [100.0 + i for i in range(80)])
    told = _summary([even], load, 40.0)
    assert told["ticks_per_s"] == pytest.approx(2.0, abs=0.05)
    assert (told["age_p50_ms"], told["age_p95_ms"], told["age_end_over_start"]) == (100.0, 100.0, 1.0)
    assert (told["dropped"], told["cpu_percent"], told["memory_growth"]) == (0.2, 75.0, 0.0)
    assert _summary([growing], load, 40.0)["age_end_over_start"] > 1.3
    both = _summary([even, growing], load, 40.0)
    assert both["ticks_per_s_min"] == pytest.approx(2.0, abs=0.05)


def test_growth_is_that_after_the_warm_up():
    assert growth([100.0] * 25 + [200.0] * 75) == 0.0
    assert growth([*np.linspace(100, 100, 90), *[110.0] * 10]) == pytest.approx(0.1)
    assert growth([100.0] * 5) is None


@pytest.mark.parametrize("wrong", [["--visitors", "0"], ["--seconds", "1"], ["--visitors", "1000"]])
def test_numbers_out_of_bounds_are_refused_with_a_sentence(wrong, capsys):
    assert main(["bench", "live", *wrong]) == 1
    assert "bench live takes" in capsys.readouterr().err
