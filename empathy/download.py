"""Bring an engine's weights to this machine: resumable, verified, renamed into place only when whole."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ModelFileError, ModelMissingError
from .registry import HubFile, ModelSpec, Url, digest, files_of, how_to_get

if TYPE_CHECKING:
    import httpx

HUB = "https://huggingface.co"
_CHUNK_BYTES = 1 << 20
_SHA256_DIGITS = 64


def addresses(spec: ModelSpec[Any], endpoint: str = HUB) -> tuple[tuple[str, ...], ...]:
    """For each file of a spec the addresses that offer it, the first choice first; empty for what ships."""
    match spec.source:
        case Url(urls=urls):
            return (urls,)
        case HubFile(repo=repo, files=files, revision=revision):
            return tuple((f"{endpoint}/{repo}/resolve/{revision}/{name}",) for name in files)
        case _:
            return ()


def fetch(spec: ModelSpec[Any], models_dir: Path, environ: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Download what is not there yet.

    Args:
        spec: the engine whose files are wanted.
        models_dir: the models folder; made if absent.
        environ: read for ``HF_ENDPOINT`` (another hub) and ``HF_TOKEN`` (for gated repositories).

    Yields:
        Bytes on disk and bytes in all of the file under way; the total is 0 while unknown.

    Raises:
        ModelMissingError: no address answered, the disk is full, or the models folder can't be written.
        ModelFileError: what came is not what was published; it has been deleted.
    """
    token = environ.get("HF_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token and isinstance(spec.source, HubFile) else {}
    wanted = addresses(spec, environ.get("HF_ENDPOINT", HUB).rstrip("/"))
    for path, urls in zip(files_of(spec, models_dir), wanted, strict=False):
        if path.is_file():
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ModelMissingError(f"{path.parent} can't be made ({error}): set EMPATHY_MODELS to a folder that "
                                    "can be written") from error
        part = path.with_name(path.name + ".part")
        expected = yield from _from_any(spec, urls, part, headers)
        expected = spec.sha256.get(path.name) or expected
        if path.is_file():  # another process was quicker
            part.unlink(missing_ok=True)
            continue
        if expected and digest(part) != expected:
            part.unlink()
            raise ModelFileError(f"{path.name} arrived damaged (its sha256 differs from the published one) and was "
                                 f"deleted; try again: python -m empathy models pull {spec.name}")
        part.rename(path)


def _from_any(spec: ModelSpec[Any], urls: tuple[str, ...], part: Path,
              headers: dict[str, str]) -> Generator[tuple[int, int], None, str]:
    """Try the addresses in turn; gives back the sha256 that the server states, or ""."""
    import httpx

    problems: list[str] = []
    for url in urls:
        try:
            return (yield from _stream(httpx, url, part, headers))
        except (httpx.HTTPError, OSError) as error:
            problems.append(f"{url}: {error or type(error).__name__}")
    raise ModelMissingError(f"{how_to_get(spec).split(':')[0]}, and it could not be fetched ({'; '.join(problems)}). "
                            "Check the network and the free disk space; what has come so far is kept and resumed.")


def _stream(http: Any, url: str, part: Path, headers: dict[str, str]) -> Generator[tuple[int, int], None, str]:
    """Append to the part file from where it stands."""
    done = part.stat().st_size if part.exists() else 0
    asked = headers | ({"Range": f"bytes={done}-"} if done else {})
    with http.stream("GET", url, headers=asked, follow_redirects=True, timeout=30.0) as answer:
        if answer.status_code == 416:  # the part is already whole
            return _stated_digest(answer)
        answer.raise_for_status()
        if answer.status_code != 206:
            done = 0
        total = done + int(answer.headers.get("Content-Length") or 0)
        if total - done > shutil.disk_usage(part.parent).free:
            raise OSError(f"{total / 1e6:.0f} MB are needed and the disk has less free")
        with part.open("ab" if done else "wb") as file:
            for chunk in answer.iter_bytes(_CHUNK_BYTES):
                file.write(chunk)
                done += len(chunk)
                yield done, max(total, done)
        return _stated_digest(answer)


def _stated_digest(answer: httpx.Response) -> str:
    """The hub states the sha256 of large files in ``X-Linked-Etag``, on the answer that redirects."""
    for step in (*answer.history, answer):
        etag = step.headers.get("X-Linked-Etag", "").strip('"')
        if len(etag) == _SHA256_DIGITS:
            return etag
    return ""


def pull(spec: ModelSpec[Any], models_dir: Path, environ: Mapping[str, str]) -> None:
    """Fetch without watching the progress."""
    for _ in fetch(spec, models_dir, environ):
        continue

