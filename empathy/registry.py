"""Where engines come from: ``ModelSpec`` says what one is and what it needs, ``Models`` loads each once.

A spec costs nothing to build; its ``load`` imports the heavy package when it is first asked for. Nothing is fetched
here unless ``fetch`` is called.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from .errors import ModelError, ModelFileError, ModelMissingError

T = TypeVar("T")
Engine: TypeAlias = Any
"""One line of reason: the registry holds engines of every Protocol; ``catalog.py`` gives each its type back."""

WEIGHTS = Path(__file__).parent / "weights"

_INSTALLED_PROMPTS = Path(__file__).parent / "prompts"
PROMPTS = _INSTALLED_PROMPTS if _INSTALLED_PROMPTS.is_dir() else Path(__file__).resolve().parents[1] / "prompts"
"""The sentences that people wrote: beside the package in a checkout, inside it when installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """Files in ``empathy/weights/``."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packaged:
    """Carried inside an installed package, or pure code."""

    package: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFile:
    """Files of a repository on the Hugging Face hub, kept in ``<models>/<repo with -- for />/``."""

    repo: str
    files: tuple[str, ...]
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """One file from one of several addresses, kept in ``<models>/<name>``."""

    name: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Runs elsewhere, at ``url`` ("" until the settings named in ``variables`` say where)."""

    url: str
    variables: tuple[str, ...]


Source: TypeAlias = Bundled | Packaged | HubFile | Url | Server
State: TypeAlias = Literal["ready", "not downloaded", "incomplete", "not installed", "not set"]


@dataclass(frozen=True, kw_only=True)
class ModelSpec(Generic[T]):
    """One engine. ``load`` gets the paths of its files in the order of the source and gives the engine back.

    ``sha256`` maps a file's name to its digest; a file without one is checked by the hub's own digest when fetched.
    ``size_mb``: what its makers publish, read by ``size_mb_of``."""

    name: str
    stage: str
    tier: Literal["full", "compact"]
    source: Source
    licence: str
    size_mb: float = 0.0
    load: Callable[[tuple[Path, ...]], T]
    about: str = ""
    sha256: Mapping[str, str] = field(default_factory=dict[str, str])
    learnt_from: str = ""
    """A regular expression of the names, without their endings, of published files that it was trained on: what it
    scores on those is contaminated."""
    package: str | None = None
    """An optional package without which it can't run, such as ``llama_cpp``."""


def files_of(spec: ModelSpec[Any], models_dir: Path) -> tuple[Path, ...]:
    """Where the files of a spec are or would be."""
    match spec.source:
        case Bundled(files=files):
            return tuple(WEIGHTS / name for name in files)
        case Packaged() | Server():
            return ()
        case HubFile(repo=repo, files=files, revision=revision):
            return tuple(_hub_file(repo, name, revision, models_dir) for name in files)
        case Url(name=name):
            return (models_dir / name,)


def size_mb_of(spec: ModelSpec[Any]) -> float:
    """Size of its files, in MB: of those that ship, as they are; else as published."""
    if not isinstance(spec.source, Bundled):
        return spec.size_mb
    return sum(path.stat().st_size for name in spec.source.files if (path := WEIGHTS / name).is_file()) / 1e6


@contextmanager
def reading(path: Path, what: str, command: str) -> Generator[None]:
    """Around the reading of weights that ship: whatever is raised at a broken file becomes our own error.

    Args:
        path: the file.
        what: what it should be.
        command: the training command that makes it, behind ``python -m empathy train``.

    Raises:
        ModelFileError: the file is absent, broken or of another model.
    """
    try:
        yield
    except Exception as error:  # safetensors, onnxruntime and tokenizers raise their own kinds
        raise ModelFileError(f"{path} is no {what} ({type(error).__name__}: {error}): take empathy/weights from a full "
                             f"checkout, or run: python -m empathy train {command}") from error


def _hub_file(repo: str, name: str, revision: str, models_dir: Path) -> Path:
    """In the models folder; or where the hub's own cache has it, as on a Space that preloads."""
    own = models_dir / repo.replace("/", "--") / name
    if own.is_file():
        return own
    from huggingface_hub import try_to_load_from_cache

    cached = try_to_load_from_cache(repo, name, revision=revision)
    return Path(cached) if isinstance(cached, str) else own


def digest(path: Path) -> str:
    """The file's sha256, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def state(spec: ModelSpec[Any], models_dir: Path) -> State:
    """What is on the machine, without loading or hashing anything."""
    from importlib.util import find_spec

    package = spec.source.package if isinstance(spec.source, Packaged) else spec.package
    if package and find_spec(package) is None:
        return "not installed"
    if isinstance(spec.source, Server) and not spec.source.url:
        return "not set"
    paths = files_of(spec, models_dir)
    there = [path.is_file() for path in paths]
    if all(there):
        return "ready"
    partial = any(there) or any(path.with_name(path.name + ".part").exists() for path in paths)
    return "incomplete" if partial else "not downloaded"


def verify(spec: ModelSpec[Any], models_dir: Path) -> None:
    """Hash every file whose digest is known.

    Raises:
        ModelMissingError: a file is not there.
        ModelFileError: a file differs from what was published.
    """
    for path in files_of(spec, models_dir):
        if not path.is_file():
            raise ModelMissingError(how_to_get(spec))
        expected = spec.sha256.get(path.name)
        if expected and digest(path) != expected:
            raise ModelFileError(f"{path} is not the published file of {spec.name} (its sha256 differs): delete it, "
                                 f"then run: python -m empathy models pull {spec.name}")


def how_to_get(spec: ModelSpec[Any]) -> str:
    """One sentence that brings the engine."""
    match spec.source:
        case Packaged(package=package):
            return f"{spec.name} needs the package {package}: pip install -r requirements.txt"
        case Bundled(files=files):
            return f"{spec.name} needs {', '.join(files)} in empathy/weights, which a full checkout carries"
        case Url(name=name, urls=()):
            return f"{spec.name} needs the file {name}, which is not there; check the path"
        case Server(variables=variables):
            return f"{spec.name} needs a server: set {' and '.join(variables)} (docs/engines.md)"
        case _:
            return f"{spec.name} is not on this machine: python -m empathy models pull {spec.name}"


class Models:
    """Loads each engine once, whoever asks first; later callers wait for that load and share the result.

    Args:
        models_dir: where downloaded weights lie.
        finish: makes of a stage's loaded engine the one that speaks; None leaves it as it is.
    """

    def __init__(self, models_dir: Path, finish: Callable[[str, Any], Any] | None = None) -> None:
        self.models_dir = models_dir
        self._finish = finish
        self._engines: dict[str, Engine] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, spec: ModelSpec[T]) -> T:
        """The engine of a spec.

        Raises:
            ModelMissingError: a file or a package is absent.
            ModelFileError: a file can't be loaded.
        """
        with self._lock:
            lock = self._locks.setdefault(spec.name, threading.Lock())
        with lock:
            if spec.name not in self._engines:
                self._engines[spec.name] = self._load(spec)
            return self._engines[spec.name]

    def forget(self, name: str) -> None:
        """Drop an engine, so that the next ``get`` loads it again (after a download)."""
        with self._lock:
            self._engines.pop(name, None)

    def _load(self, spec: ModelSpec[T]) -> T:
        now = state(spec, self.models_dir)
        if now != "ready":
            raise ModelMissingError(how_to_get(spec))
        try:
            engine = spec.load(files_of(spec, self.models_dir))
            return engine if self._finish is None else self._finish(spec.stage, engine)
        except ModelError:
            raise
        except ImportError as error:
            raise ModelMissingError(f"{spec.name} needs a package that is not installed ({error.name}): "
                                    "pip install -r requirements.txt") from error
        except Exception as error:  # a loader may raise anything at a broken file
            raise ModelFileError(f"{spec.name} could not be loaded ({type(error).__name__}: {error}); if its file is "
                                 f"broken, delete it and run: python -m empathy models pull {spec.name}") from error
