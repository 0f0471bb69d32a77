"""Encodings of text files: UTF-8, GB18030, UTF-16; found per file, decoded per line.

Separators, quotes and line ends are ASCII in UTF-8 and in GB18030 alike, so lines are cut from bytes and decoded one by one:
a broken byte costs one record, never the file. UTF-16 is turned into UTF-8 first, broken pairs included.
"""

from __future__ import annotations

from dataclasses import dataclass

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Text:
    """Bytes ready to be cut, the encoding of their lines, where the first begins, and how the file itself is encoded."""

    data: bytes
    encoding: str
    start: int
    wide: str | None = None

    def file_bytes(self, start: int, end: int) -> int:
        """How many bytes of the file a span of `data` takes."""
        if self.wide is None:
            return end - start
        return len(self.data[start:end].decode("utf-8", "surrogatepass").encode(self.wide, "surrogatepass"))


def open_text(data: bytes) -> Text:
    """Finds the encoding of a file; a byte order mark is passed over, but counts as bytes of the file."""
    wide = _wide_encoding(data)
    if wide:
        plain = data[:len(data) // 2 * 2].decode(wide, "surrogatepass").encode("utf-8", "surrogatepass")
        return Text(plain, "utf-8", len(BYTE_ORDER_MARK) if plain.startswith(BYTE_ORDER_MARK) else 0, wide)
    if data.startswith(BYTE_ORDER_MARK):
        return Text(data, "utf-8", len(BYTE_ORDER_MARK))
    return Text(data, detect_encoding(data), 0)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 by its byte order mark, or by the zero bytes that ASCII leaves in the first line."""
    if data.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if data.startswith(b"\xfe\xff"):
        return "utf-16-be"
    head = data[:4096]
    little, big = head[1::2].count(0), head[0::2].count(0)
    # eight letters of English header are enough; no text of the other encodings holds a zero
    if max(little, big) < 8:
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def detect_encoding(data: bytes) -> str:
    """UTF-8, unless more of the lines with bytes above 127 are valid in GB18030 alone."""
    utf8 = gb18030 = 0
    for line in data.split(b"\n"):
        if line.isascii():
            continue
        utf8 += _decodes(line, "utf-8")
        gb18030 += _decodes(line, "gb18030")
    return "utf-8" if utf8 * 2 >= gb18030 else "gb18030"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
