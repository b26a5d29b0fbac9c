"""Words that run from right to left within English text, kept from turning what stands beside them around."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from diversion.explain.words import clean

_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
# What may stand between two words of one name: no letter of the other direction, no mark between names.
_BETWEEN = f"[^A-Za-z\u00c0-\u058f\u0900-\ufb1c{_RIGHT}\\[\\]→;“”]"
_RUN = re.compile(f"[{_RIGHT}](?:{_BETWEEN}*[{_RIGHT}])*(?:{_BETWEEN}+(?= \\[))?")


def isolated(text: str) -> Markup:
    """`text` for a page, each of its runs from right to left in an element of its own direction.

    >>> isolated("شركة النور [shrkh alnwr] <b>")
    Markup('<bdi>شركة النور</bdi> [shrkh alnwr] &lt;b&gt;')
    """
    text, parts, end = clean(text), [], 0
    for run in _RUN.finditer(text):
        parts += [escape(text[end : run.start()]), Markup("<bdi>"), escape(run[0]), Markup("</bdi>")]
        end = run.end()
    return Markup("").join([*parts, escape(text[end:])])
