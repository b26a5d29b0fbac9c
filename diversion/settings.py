"""Settings: `diversion.toml` in the working folder, then `DIVERSION_*`, then flags."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from diversion.errors import UsageError
from diversion.memory import share

FILE = "diversion.toml"
SECRETS = frozenset({"DIVERSION_NEO4J_USER", "DIVERSION_NEO4J_PASSWORD"})
"""Read by the Neo4j store alone, and only from the environment."""


class Settings(BaseSettings):
    """What a user may set once for all commands. An unknown key is an error."""

    model_config = SettingsConfigDict(
        env_prefix="DIVERSION_", toml_file=FILE, extra="forbid", frozen=True, env_ignore_empty=True
    )

    store: str = Field(
        "diversion.duckdb", description="path of a DuckDB file, or neo4j:// or bolt:// address"
    )
    policy: str | None = Field(None, description="a policy pack of your own, laid over the built-in ones")
    max_rejected: float = Field(
        0.2, ge=0, le=1, description="share of faulty rows above which a file is refused"
    )
    memory_limit: str = Field(
        default_factory=share,
        description="what the store, and what reads files into it, may each use; the rest is on disk",
    )
    projection_gb: float = Field(
        8.0, ge=0, description="what sorted shipments may take in the folder beside the store; 0 keeps none"
    )
    engine: Literal["memory", "spark"] = Field("memory", description="what searches")
    master: str = Field("local[*]", description="where Spark runs, such as local[2] or spark://host:7077")
    spark_memory: str = Field("4g", description="what Spark's own process on this machine may use")
    spark_folder: str | None = Field(
        None, description="where Spark works; for a cluster a folder that all its machines share"
    )
    spark_options: dict[str, str] = Field(
        default_factory=dict, description="further settings of Spark's own, such as spark.executor.memory"
    )
    lock_wait: float = Field(10.0, ge=0, description="seconds to wait for a store that another process holds")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def settings(**flags: Any) -> Settings:
    """The settings in force; a flag that is None was not given.

    Raises `UsageError` naming the key, where it stood and which keys there are.
    """
    _refuse_unknown_variables()
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as fault:
        first = fault.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"setting {key}: {first['msg'].lower()}", where=FILE, hint=_known()) from None
    except ValueError as fault:
        raise UsageError(f"not valid TOML: {fault}", where=str(Path(FILE).resolve())) from None


def _refuse_unknown_variables() -> None:
    allowed = {f"DIVERSION_{name.upper()}" for name in Settings.model_fields} | SECRETS
    for name in os.environ:
        if name.startswith("DIVERSION_") and not name.startswith("DIVERSION_TEST_") and name not in allowed:
            raise UsageError("no such setting", where=name, hint=_known())


def _known() -> str:
    return f"settings are {', '.join(Settings.model_fields)}; each can be DIVERSION_… in the environment"
