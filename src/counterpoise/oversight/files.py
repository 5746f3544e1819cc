"""Files from strangers, OCDS and IATI alike: how large an item may be, what is refused, any encoding as UTF-8."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

from counterpoise._errors import InputError, fault

LARGEST = 16 << 20  # the largest single line, release or record: a few hundred MB once read, at the very worst
DEEPEST = 900


def unreadable(path: Path, found: str, fix: str) -> InputError:
    rule = "an audited file is OCDS JSON, JSON Lines of OCDS, or IATI XML"
    return InputError([fault("E801", where=str(path), found=found, rule=rule, fix=fix)])


def too_large(path: Path, found: str) -> InputError:
    rule = (
        f"one line, release, record or activity has at most {LARGEST >> 20} MB and is nested less than {DEEPEST} deep"
    )
    fix = "split the file into one release or record per line"
    return InputError([fault("E802", where=str(path), found=found, rule=rule, fix=fix)])


def is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 22):
                if not block.isascii() or decoder.getstate()[0]:
                    decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class Recoded(io.RawIOBase):
    """A text stream as UTF-8 bytes."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._left) < size:
            block = self._text.read(1 << 16)
            if not block:
                break
            self._left += block.lstrip("\ufeff").encode()
        size = len(self._left) if size < 0 else size
        out, self._left = self._left[:size], self._left[size:]
        return out

    def readline(self, size: int | None = -1) -> bytes:
        while (end := self._left.find(b"\n")) < 0 and (size is None or size < 0 or len(self._left) < size):
            block = self._text.read(1 << 16)
            if not block:
                break
            self._left += block.encode()
        cut = end + 1 if end >= 0 else len(self._left)
        cut = min(cut, size) if size is not None and size >= 0 else cut
        out, self._left = self._left[:cut], self._left[cut:]
        return out

    def close(self) -> None:
        self._text.close()
        super().close()
