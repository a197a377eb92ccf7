"""Makes text that people wrote harmless in a form: no markup, no hidden characters."""

from __future__ import annotations

import re

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Controls, halves of characters, and marks that hide text or turn its direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_AROUND_LINE_BREAKS = re.compile(r"\s*\n\s*")
# An underscore between two letters is no markup, and `records_affected` stays readable.
_MARKS = re.compile(r"[\\`*{}\[\]<>#|~$]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]+;)|:(?=//)|(?<=www)\.")
_OPENS_A_BLOCK = re.compile(r"[-+=]|\d+[.)]")
_PLAIN_CODE = re.compile(r"[\w.:/@+-]+", re.ASCII)


def clean(text: str) -> str:
    """Return the text without control characters and without marks that turn its direction."""
    return _UNSEEN.sub("", _LINE_BREAK.sub("\n", text))


def markdown_line(text: object) -> str:
    """Return a text as one line that Markdown shows as it stands, in a table's cell too."""
    line = _AROUND_LINE_BREAKS.sub(" / ", clean(str(text)).replace("\t", " ").strip())
    return _at_its_start(_MARKS.sub(r"\\\g<0>", line))


def markdown_code(text: object) -> str:
    """Return an identifier as code, or as text where a code span could not hold it."""
    line = clean(str(text))
    return f"`{line}`" if _PLAIN_CODE.fullmatch(line) else markdown_line(line)


def _at_its_start(line: str) -> str:
    r"""Return the line so that it opens no list or rule: `1.` becomes `1\.`, `-` becomes `\-`."""
    opening = _OPENS_A_BLOCK.match(line)
    if opening is None:
        return line
    mark = opening.end() - 1
    return f"{line[:mark]}\\{line[mark:]}"
