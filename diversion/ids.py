"""Stable ids for things that the input does not number."""

from __future__ import annotations

from hashlib import blake2b


def digest(*parts: object) -> str:
    """64 bits of the parts as 16 hexadecimal digits; the same for the same parts in every run.

    >>> digest("kestrel trading", "AE") == digest("kestrel trading", "AE")
    True
    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
