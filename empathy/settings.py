"""Every knob, in one frozen value: from ``EMPATHY_*`` variables, then ``empathy.toml``, then the defaults below."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from .errors import SettingsError


class Settings(BaseSettings):
    """Each field is the variable ``EMPATHY_<NAME>`` and the key ``<name>`` of ``empathy.toml``."""

    model_config = SettingsConfigDict(env_prefix="EMPATHY_", frozen=True, extra="forbid", toml_file="empathy.toml")

    models: Path = Field(Path("~/.cache/empathy"), description="folder of downloaded weights")
    download: Literal["auto", "never"] = Field(
        "auto", description="auto: on a Space weights come on first use, elsewhere only by command or button")
    device: Literal["auto", "cpu", "cuda", "mps"] = Field("auto", description="where torch engines run")
    threads: int = Field(0, ge=0, le=256, description="processor threads for the engines; 0: all cores")

    faces: Literal["auto", "landmarker", "mesh", "retinaface", "haar"] = Field(
        "auto", description="face and landmark engine")
    expression: Literal["auto", "deepface", "compact"] = Field("auto", description="expression engine")
    transcript: Literal["auto", "whisper", "off"] = Field("auto", description="transcript engine")
    whisper: Literal["tiny", "base", "small", "medium", "turbo"] = Field("base", description="Whisper model")
    language: str = Field("", pattern="^([a-z]{2})?$", description="spoken language (ISO 639-1); empty: detect")
    affect: Literal["auto", "msp-dim", "compact"] = Field("auto", description="arousal, valence, dominance of a voice")
    tone: Literal["auto", "superb", "ehcalabres", "compact"] = Field("auto", description="emotions of a voice")
    reply: Literal["auto", "llama", "endpoint", "composer"] = Field("auto", description="who writes the reply")
    avamerg: Path | None = Field(None, description="folder of a trained AvaMERG bundle; empty: none")
    experimental_events: bool = Field(False, description="also report kinds of sound whose errors are not measured")

    llama: Path | None = Field(None, description="GGUF file of the language model; empty: look in the models folder")
    llama_context: int = Field(4096, ge=512, le=131072, description="tokens the language model can see")
    llama_mmap: bool = Field(False, description="map the file (less reading, more memory) instead of loading it")
    llama_cache_mb: int = Field(
        1024, ge=0, le=65536, description="memory for what the language model has read of conversations, in MB")
    endpoint_url: str = Field("", pattern="^(https?://[^\\s@]+)?$", description="OpenAI-compatible server for replies, "
                              "such as http://localhost:8000/v1; its key only as EMPATHY_ENDPOINT_KEY; empty: none")
    endpoint_model: str = Field("", description="name of the model on that server")
    endpoint_timeout_s: float = Field(30.0, gt=0, le=600, description="longest silence of that server, in s")
    endpoint_retries: int = Field(1, ge=0, le=10, description="further tries when that server can't be reached")
    reply_tokens: int = Field(160, ge=16, le=1024, description="longest reply, in tokens")
    temperature: float = Field(0.6, ge=0.0, le=2.0, description="freedom of the language model; 0: none")

    max_file_mb: float = Field(200.0, gt=0, le=4096, description="largest file accepted, in MB")
    max_megapixels: float = Field(100.0, gt=0, le=1000, description="largest picture accepted, in megapixels")
    max_audio_s: float = Field(1800.0, gt=0, le=36000, description="longest recording accepted, in seconds")
    max_video_s: float = Field(300.0, gt=0, le=7200, description="longest video accepted, in seconds")
    max_words: int = Field(20000, ge=10, le=100000, description="longest text accepted, in characters")
    max_faces: int = Field(10, ge=1, le=100, description="most faces read in one picture")
    video_fps: float = Field(4.0, gt=0, le=30, description="pictures read a second of video")

    live_tick_s: float = Field(0.5, ge=0.2, le=2, description="live: seconds from one update to the next")
    live_width: Literal[320, 480, 640] = Field(480, description="live: width of the pictures the browser sends, in px")
    live_rate: float = Field(2.0, ge=1, le=10, description="live: pictures a second a browser may offer while it waits")
    live_attack_s: float = Field(0.4, ge=0, le=3, description="live: seconds in which a state rises")
    live_release_s: float = Field(1.2, ge=0, le=6, description="live: seconds in which a state falls")
    live_face_weight: float = Field(1.0, ge=0, le=2, description="live: how much a face counts; 0: not at all")
    live_voice_weight: float = Field(1.0, ge=0, le=2, description="live: how much a voice counts; 0: not at all")
    live_detector: Literal["fast", "accurate", "retinaface", "haar"] = Field(
        "fast", description="live: follow the face, or look for it anew in every picture, with which detector")
    live_mirror: bool = Field(True, description="live: show the picture as a mirror does")

    abstain_face: float = Field(0.35, ge=0, le=1, description="face confidence below which the page says it can't tell")
    abstain_voice: float = Field(0.35, ge=0, le=1, description="the same for a voice")
    abstain_words: float = Field(0.25, ge=0, le=1, description="the same for words")

    baseline: bool = Field(True, description="read a face and a voice against what is usual for this person")

    country: str = Field("", pattern="^([A-Z]{2})?$", description="country of the help lines (ISO 3166); empty: all")
    session_ttl_s: float = Field(3600.0, ge=60, le=86400, description="an idle session is forgotten after this, in s")
    queue: int = Field(32, ge=1, le=1000, description="visitors who may wait for an answer")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="console log")
    log_file: Path | None = Field(None, description="also log to this file, rotating at 1 MB; empty: no file")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def models_dir(self) -> Path:
        """The models folder with ``~`` resolved."""
        return self.models.expanduser()

    @property
    def n_threads(self) -> int:
        """Threads to use, at least 1."""
        return self.threads or os.cpu_count() or 1


def load(**overrides: object) -> Settings:
    """Read the settings once, at the edge of the program.

    Args:
        overrides: fields that win over environment and file.

    Raises:
        SettingsError: names the variable, its value and the choices.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"empathy.toml can't be read ({error}): write lines such as whisper = \"tiny\", or remove "
                            "the file") from error
    except ValidationError as error:
        lines = [_sentence(problem["loc"], problem.get("input"), problem["msg"]) for problem in error.errors()]
        raise SettingsError("; ".join(lines)) from error


def _sentence(loc: tuple[int | str, ...], value: object, message: str) -> str:
    name = str(loc[0]) if loc else "?"
    if name not in Settings.model_fields:
        return f"empathy.toml has an unknown key {name!r}; known: {', '.join(Settings.model_fields)}"
    return f"EMPATHY_{name.upper()} is {value!r}: {message[:1].lower()}{message[1:]}"


def on_space(environ: Mapping[str, str]) -> bool:
    """True on a Hugging Face Space, where weights may be fetched on first use."""
    return bool(environ.get("SPACE_ID"))
