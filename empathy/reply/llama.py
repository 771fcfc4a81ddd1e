"""Llama through llama-cpp-python: any instruction-tuned GGUF whose metadata carries its chat template.

Source: Llama 3.1 8B Instruct (Meta, Llama 3.1 Community License), GGUF files by bartowski on the Hugging Face hub.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..errors import ModelFileError, ModelMissingError
from ..protocols import ReplyEngine
from ..registry import HubFile, ModelSpec, Url, files_of
from ..settings import Settings
from .guard import prepare
from .llama_engine import Llama


class Published(NamedTuple):
    """A GGUF file on the Hugging Face hub."""

    name: str
    repo: str
    file: str
    size_mb: float
    licence: str


MODELS = (
    Published("llama-8b", "bartowski/Meta-Llama-3.1-8B-Instruct-GGUF", "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", 4920.7,
              "Llama 3.1 Community License"),
    Published("llama-3b", "bartowski/Llama-3.2-3B-Instruct-GGUF", "Llama-3.2-3B-Instruct-Q4_K_M.gguf", 2019.4,
              "Llama 3.2 Community License"),
    Published("llama-1b", "bartowski/Llama-3.2-1B-Instruct-GGUF", "Llama-3.2-1B-Instruct-Q4_K_M.gguf", 807.7,
              "Llama 3.2 Community License"),
)
"""The first one found on the machine speaks."""


def load(path: Path, settings: Settings) -> ReplyEngine:
    """Open a GGUF file.

    Raises:
        ModelMissingError: llama-cpp-python is not installed.
        ModelFileError: the file is no GGUF, is cut short, or has no chat template.
    """
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelFileError(f"{path} is not a GGUF file (it does not begin with 'GGUF'); point EMPATHY_LLAMA at "
                                 "the .gguf of an instruction-tuned Llama")
    try:
        import llama_cpp
    except ImportError as error:
        raise ModelMissingError("the language model needs llama-cpp-python, which is not installed: pip install "
                                "llama-cpp-python (it needs a C++ compiler and about five minutes)") from error
    on_gpu = settings.device in ("cuda", "mps")
    try:
        llm = llama_cpp.Llama(
            model_path=str(path), n_ctx=settings.llama_context, n_threads=settings.n_threads,
            n_threads_batch=settings.n_threads, use_mmap=settings.llama_mmap, n_gpu_layers=-1 if on_gpu else 0,
            verbose=False)
    except (ValueError, RuntimeError, OSError, AssertionError) as error:
        raise ModelFileError(f"{path} could not be opened as a Llama model ({error}); if it was downloaded, it may be "
                             "cut short: delete it and fetch it again") from error
    metadata: dict[str, str] = llm.metadata or {}
    if "tokenizer.chat_template" not in metadata:
        raise ModelFileError(f"{path} has no chat template in its metadata; take an instruction-tuned "
                             "('Instruct') model")
    prepare()
    name = metadata.get("general.name") or path.stem
    return Llama(llm, name=f"llama@{name}", tokens=settings.reply_tokens, temperature=settings.temperature,
                 cache_bytes=settings.llama_cache_mb * 1_000_000)


def specs(settings: Settings) -> tuple[ModelSpec[ReplyEngine], ...]:
    """The file named by ``EMPATHY_LLAMA``, when one is, then every published model this engine knows, largest first."""
    own = (_own_file(settings.llama, settings),) if settings.llama is not None else ()
    return (*own, *(_published(model, settings) for model in MODELS))


def spec(settings: Settings) -> ModelSpec[ReplyEngine]:
    """The model that speaks: the file named by ``EMPATHY_LLAMA``, else the largest published one on the machine, else
    the 8B model, which then is "not downloaded"."""
    known = specs(settings)
    if settings.llama is not None:
        return known[0]
    return next((one for one in known if all(path.is_file() for path in files_of(one, settings.models_dir))), known[0])


def _own_file(file: Path, settings: Settings) -> ModelSpec[ReplyEngine]:
    path = file.expanduser().absolute()
    return ModelSpec(
        name="llama", stage="reply", tier="full", source=Url(name=str(path), urls=()), licence="that of the file",
        size_mb=path.stat().st_size / 1e6 if path.is_file() else 0.0, load=lambda paths: load(paths[0], settings),
        about=f"the GGUF file named by EMPATHY_LLAMA ({path.name})", package="llama_cpp")


def _published(model: Published, settings: Settings) -> ModelSpec[ReplyEngine]:
    return ModelSpec(
        name=model.name, stage="reply", tier="full", licence=model.licence, size_mb=model.size_mb, package="llama_cpp",
        source=HubFile(repo=model.repo, files=(model.file,), revision="main"),
        load=lambda paths: load(paths[0], settings), about="writes the reply on the processor, through llama.cpp")
