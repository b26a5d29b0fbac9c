"""Finds dual-use goods on their way to restricted end users.

>>> import diversion
>>> diversion.Options(hops=3).hops
3
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diversion.centrality import measures, to_networkx
    from diversion.findings import Finding
    from diversion.frames import contributions_frame, corridors_frame
    from diversion.notebook import analyze, check, checker, explain_text, read_files, sample_data, stream
    from diversion.options import Options
    from diversion.passing import central
    from diversion.policy.policy import load as load_policy
    from diversion.store import open_store
    from diversion.throughput import flow
    from diversion.typologies import patterns_frame

__version__ = "0.1.0"

_PLACES = {
    "Finding": ("diversion.findings", "Finding"),
    "Options": ("diversion.options", "Options"),
    "analyze": ("diversion.notebook", "analyze"),
    "central": ("diversion.passing", "central"),
    "check": ("diversion.notebook", "check"),
    "checker": ("diversion.notebook", "checker"),
    "contributions_frame": ("diversion.frames", "contributions_frame"),
    "corridors_frame": ("diversion.frames", "corridors_frame"),
    "explain_text": ("diversion.notebook", "explain_text"),
    "flow": ("diversion.throughput", "flow"),
    "load_policy": ("diversion.policy.policy", "load"),
    "measures": ("diversion.centrality", "measures"),
    "open_store": ("diversion.store", "open_store"),
    "patterns_frame": ("diversion.typologies", "patterns_frame"),
    "read_files": ("diversion.notebook", "read_files"),
    "sample_data": ("diversion.notebook", "sample_data"),
    "stream": ("diversion.notebook", "stream"),
    "to_networkx": ("diversion.centrality", "to_networkx"),
}
__all__ = [
    "Finding",
    "Options",
    "analyze",
    "central",
    "check",
    "checker",
    "contributions_frame",
    "corridors_frame",
    "explain_text",
    "flow",
    "load_policy",
    "measures",
    "open_store",
    "patterns_frame",
    "read_files",
    "sample_data",
    "stream",
    "to_networkx",
]


def __dir__() -> list[str]:
    """What a person may type after the dot, loaded or not."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: `diversion --help` needs none of them."""
    try:
        module, attribute = _PLACES[name]
    except KeyError:
        raise AttributeError(f"module 'diversion' has no attribute {name!r}") from None
    return getattr(import_module(module), attribute)
