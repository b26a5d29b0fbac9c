"""Where Spark runs, and what it says where it cannot."""

from __future__ import annotations

import logging
import os
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from diversion.errors import EngineUnavailable
from diversion.settings import settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

QUIET = """\
rootLogger.level = off
rootLogger.appenderRef.none.ref = none
appender.none.type = Null
appender.none.name = none
logger.python.name = org.apache.spark.api.python.PythonGatewayServer
logger.python.level = off
"""
"""Errors come as exceptions. Without an appender Spark would take its own configuration instead."""


@dataclass(frozen=True)
class Place:
    """A master, the memory of Spark's process on this machine, and where both work (None: a folder for now).

    The machines of a cluster must all see `folder`. `options` are further settings of Spark's own.
    """

    master: str = "local[*]"
    memory: str = "4g"
    folder: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(master: str) -> Place:
        """The place by the settings. Raises `EngineUnavailable` where Spark or Java is not installed."""
        if find_spec("pyspark") is None:
            raise EngineUnavailable("Apache Spark is not installed", hint="pip install 'diversion[spark]'")
        if _java() is None:
            raise EngineUnavailable(
                "Apache Spark needs a Java runtime, and there is none",
                hint="install Java 17 or later, such as default-jdk-headless, or set JAVA_HOME",
            )
        current = settings()
        return Place(master, current.spark_memory, current.spark_folder, current.spark_options)


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which(str(Path(home, "bin", "java"))) if home else shutil.which("java")


@contextmanager
def session(place: Place) -> Iterator[tuple[SparkSession, Path]]:
    """Spark, and a folder for its tables that is deleted in the end.

    A session that runs already is used, wherever it runs, and goes on. Raises `EngineUnavailable` where Spark
    does not start or gives up.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    _hush()
    running = SparkSession.getActiveSession()
    try:
        with TemporaryDirectory(prefix="diversion-spark-", dir=place.folder) as folder:
            spark = running or _started(place, Path(folder))
            try:
                yield _ours(spark), Path(folder)
            finally:
                if running is None:
                    spark.stop()
    except (PySparkException, Py4JError, OSError) as fault:
        raise EngineUnavailable(
            f"Apache Spark gave up: {_first_line(fault)}",
            where=place.master,
            hint="see that the master answers, that there is memory (`spark_memory`), and that all machines "
            "of a cluster can write to `spark_folder`",
        ) from None


def _hush() -> None:
    """What PySpark says besides its exceptions: faults a second time, and that it does not know pandas 3.

    No data frame of pandas goes to Spark or comes from it.
    """
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    for name in ("DataFrameQueryContextLogger", "SQLQueryContextLogger"):
        logging.getLogger(name).disabled = True


def _first_line(fault: Exception) -> str:
    """What a person can read of an error of Java."""
    lines = [line.strip(" :") for line in str(fault).splitlines() if line.strip()]
    told = [line for line in lines if "Exception" in line or "Error" in line] or lines
    return told[0][:300] if told else type(fault).__name__


def _started(place: Place, folder: Path) -> SparkSession:
    from pyspark.sql import SparkSession

    quiet = folder / "log4j2.properties"
    quiet.write_text(QUIET, encoding="utf-8")
    builder = SparkSession.builder.appName("diversion").master(place.master)
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": place.memory,
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet.as_uri()}",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        **(_alone(folder) if place.master.startswith("local") else {}),
        **place.options,
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _alone(folder: Path) -> dict[str, str]:
    """Settings where there is this machine alone. The machines of a cluster have places of their own."""
    return {"spark.local.dir": str(folder), "spark.driver.host": "127.0.0.1"}


def _ours(spark: SparkSession) -> SparkSession:
    """A session beside the running one, whose settings are its own."""
    ours = spark.newSession()
    ours.conf.set("spark.sql.session.timeZone", "UTC")
    ours.conf.set("spark.sql.ansi.enabled", "true")
    return ours
