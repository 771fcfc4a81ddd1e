"""Fetching against a real local server: whole, resumed, damaged, absent, second address."""

import functools
import hashlib
import http.server
import threading

import pytest

from empathy.download import addresses, fetch, pull
from empathy.errors import ModelFileError, ModelMissingError
from empathy.registry import Bundled, HubFile, ModelSpec, Url, files_of, state, verify

CONTENT = bytes(range(256)) * 20_000  # 5 MB: several chunks
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class Ranged(http.server.SimpleHTTPRequestHandler):
    """A file server that honours `Range: bytes=N-`, as hubs do, and counts what it sent."""

    sent: list[int]

    def do_GET(self):
        if self.path != "/weights.bin":
            self.send_error(404)
            return
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        if start >= len(CONTENT):
            self.send_error(416)
            return
        body = CONTENT[start:]
        self.sent.append(len(body))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Quiet."""


@pytest.fixture
def server():
    sent = []
    handler = type("Handler", (Ranged,), {"sent": sent})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler)) as http_server:
        threading.Thread(target=http_server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http_server.server_port}", sent
        http_server.shutdown()


def spec(*urls, sha256=DIGEST):
    return ModelSpec(name="thing", stage="expression", tier="full", source=Url(name="deep/weights.bin", urls=urls),
                     licence="MIT", size_mb=5, load=lambda paths: paths[0], sha256={"weights.bin": sha256})


def test_a_file_arrives_whole_and_progress_ends_at_its_size(server, tmp_path):
    url, _ = server
    steps = list(fetch(spec(f"{url}/weights.bin"), tmp_path, {}))
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert (tmp_path / "deep/weights.bin").read_bytes() == CONTENT
    assert not list(tmp_path.rglob("*.part"))


def test_a_broken_off_download_goes_on_where_it_stopped(server, tmp_path):
    url, sent = server
    wanted = spec(f"{url}/weights.bin")
    part = tmp_path / "deep/weights.bin.part"
    part.parent.mkdir()
    part.write_bytes(CONTENT[:1_000_000])
    assert state(wanted, tmp_path) == "incomplete"
    pull(wanted, tmp_path, {})
    assert sent == [len(CONTENT) - 1_000_000]
    assert state(wanted, tmp_path) == "ready"
    verify(wanted, tmp_path)


def test_a_whole_part_file_is_only_renamed(server, tmp_path):
    url, sent = server
    part = tmp_path / "deep/weights.bin.part"
    part.parent.mkdir()
    part.write_bytes(CONTENT)
    pull(spec(f"{url}/weights.bin"), tmp_path, {})
    assert sent == []
    assert (tmp_path / "deep/weights.bin").read_bytes() == CONTENT


def test_a_damaged_file_is_deleted_and_named(server, tmp_path):
    url, _ = server
    with pytest.raises(ModelFileError, match="models pull thing"):
        pull(spec(f"{url}/weights.bin", sha256="0" * 64), tmp_path, {})
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_the_second_address_serves_when_the_first_is_gone(server, tmp_path):
    url, _ = server
    pull(spec(f"{url}/gone.bin", f"{url}/weights.bin"), tmp_path, {})
    assert (tmp_path / "deep/weights.bin").exists()


def test_no_address_answering_says_what_to_check(tmp_path):
    with pytest.raises(ModelMissingError, match="Check the network"):
        pull(spec("http://127.0.0.1:9/weights.bin"), tmp_path, {})


def test_hub_files_are_asked_for_at_their_revision_and_endpoint():
    hub = ModelSpec(name="thing", stage="tone", tier="full", licence="MIT", size_mb=1, load=lambda paths: paths,
                    source=HubFile(repo="a/b", files=("config.json", "model.safetensors"), revision="abc"))
    assert addresses(hub, "http://mirror") == (("http://mirror/a/b/resolve/abc/config.json",),
                                               ("http://mirror/a/b/resolve/abc/model.safetensors",))


def test_what_ships_needs_no_address():
    shipped = ModelSpec(name="thing", stage="tone", tier="compact", licence="MIT", size_mb=1, load=lambda paths: paths,
                        source=Bundled(files=("LICENSE",)))
    assert addresses(shipped) == ()
    assert files_of(shipped, None)[0].is_file()


def test_a_models_folder_that_cannot_be_made_names_the_setting(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ModelMissingError, match="set EMPATHY_MODELS"):
        pull(spec("http://127.0.0.1:9/weights.bin"), tmp_path / "file", {})
