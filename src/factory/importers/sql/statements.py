"""SQL text to statements with their lines, whatever the dialect and whatever stands between them.

Rows of data are passed over here: a dump holds a thousand times more of them than of its schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from factory.importers.drafts import Place
from factory.importers.reading import Text

_SKIP = re.compile(r"(?:[^;'\"`\[$\\/\-#\n]|(?<!\w)\[(?![^\]\n]{0,128}\])|\](?!\[))+")
CODE = re.compile(
    r"\s*(?:CREATE|ALTER)\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:TEMP(?:ORARY)?\s+)?(?:CONSTRAINT\s+)?"
    r"(FUNCTION|PROC(?:EDURE)?|TRIGGER|PACKAGE)\b",
    re.IGNORECASE,
)
"""The beginning of what has a body of statements."""
_NO_BLOCK = re.compile(r"\bEND\s+(?:IF|LOOP|WHILE|REPEAT|FOR)\b", re.IGNORECASE)
_CASE = re.compile(r"\bEND\s+CASE\b", re.IGNORECASE)
_BLOCK = re.compile(r"\b(BEGIN|CASE|END)\b", re.IGNORECASE)
_BATCHES = re.compile(r"^[ \t]*GO[ \t]*$", re.IGNORECASE | re.MULTILINE)
_DOLLAR = re.compile(r"\$(\w*)\$")
_DELIMITER = re.compile(r"DELIMITER\s+(\S+)", re.IGNORECASE)
_GO = re.compile(r"GO(?:\s+\d+)?\s*\Z", re.IGNORECASE)
_COPY = re.compile(r"COPY\s.*\sFROM\s+stdin\b", re.IGNORECASE | re.DOTALL)
_DOWN = re.compile(
    r"--\s*(?:\+goose\s+down|migrate:down|\+migrate\s+down|down\b)", re.IGNORECASE
)
_UP = re.compile(r"--\s*(?:\+goose\s+up|migrate:up|\+migrate\s+up)", re.IGNORECASE)
_HINT = re.compile(r"/\*!\d*\s?(.*?)\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its end, and the line on which it begins."""

    text: str
    place: Place

    @property
    def head(self) -> str:
        """Its first words in capitals, comments left out."""
        return " ".join(_WORDS.findall(self.text[:400])[:8]).upper()


_WORDS = re.compile(r"[A-Za-z_]\w*")


def statements(text: Text) -> Iterator[Statement]:
    """The statements of a file, in order; what undoes a migration is left out."""
    yield from _Splitter(text).run()


class _Splitter:
    def __init__(self, text: Text) -> None:
        self.name = text.name
        self.content = text.content
        self.at = 0
        self.start = 0
        self.delimiter = ";"
        self.down = False
        self.pieces: list[str] = []
        self.line = 1
        self.counted = 0
        self.batches = _BATCHES.search(self.content) is not None
        self.depth = 0
        self.looked = 0

    def run(self) -> Iterator[Statement]:
        content = self.content
        while self.at < len(content):
            character = content[self.at]
            if content.startswith(self.delimiter, self.at):
                if self._within_body():
                    self._take(self.at + len(self.delimiter))
                else:
                    yield from self._end(len(self.delimiter))
            elif character == "\n" or self.at == 0:
                yield from self._line_start()
            elif content.startswith("--", self.at) or (
                character == "#" and self._fresh()
            ):
                self._comment()
            elif content.startswith("/*", self.at):
                self._block_comment()
            elif character in "'\"`":
                self._quoted(character)
            elif character == "$" and (opened := _DOLLAR.match(content, self.at)):
                self._dollar(opened)
            else:
                self._plain()
        yield from self._end(0)

    def _within_body(self) -> bool:
        """Whether a semicolon ends a statement of a body, and not the one that creates it."""
        if self.delimiter != ";" or not CODE.match("".join(self.pieces[:24])):
            return False
        if self.batches:
            return True
        new = "".join(p for p in self.pieces[self.looked :] if p[:1] not in "'\"`$")
        self.looked = len(self.pieces)
        new = _CASE.sub("END", _NO_BLOCK.sub("", new))
        for word in _BLOCK.findall(new):
            self.depth += -1 if word.upper() == "END" else 1
        return self.depth > 0

    def _plain(self) -> None:
        matched = _SKIP.match(self.content, self.at)
        end = matched.end() if matched else self.at + 1
        if self.delimiter != ";":
            found = self.content.find(self.delimiter, self.at, end)
            end = found if found > self.at else end
        self._take(max(end, self.at + 1))

    def _take(self, end: int) -> None:
        self.pieces.append(self.content[self.at : end])
        self.at = end

    def _fresh(self) -> bool:
        return not "".join(self.pieces[-2:]).rpartition("\n")[2].strip()

    def _comment(self) -> None:
        end = self.content.find("\n", self.at)
        end = len(self.content) if end == -1 else end
        comment = self.content[self.at : end]
        if _DOWN.match(comment):
            self.down = True
        elif _UP.match(comment):
            self.down = False
        self.at = end

    def _block_comment(self) -> None:
        end = self.content.find("*/", self.at + 2)
        end = len(self.content) if end == -1 else end + 2
        hint = _HINT.match(self.content, self.at, end)
        if hint:
            # MySQL runs what stands in such a comment.
            self.pieces.append(hint[1])
        else:
            self.pieces.append(" ")
            end = self._outermost(end)
        self.at = end

    def _outermost(self, end: int) -> int:
        """The end of a comment that holds others; some databases let them."""
        opened = self.content.count("/*", self.at, end) - 1
        while opened > 0:
            following = self.content.find("*/", end)
            if following == -1 or ";" in self.content[end:following]:
                return end
            opened += self.content.count("/*", end, following) - 1
            end = following + 2
        return end

    def _quoted(self, quote: str) -> None:
        at = self.at + 1
        while True:
            end = self.content.find(quote, at)
            if end == -1:
                self._take(len(self.content))
                return
            if self.content.startswith(quote, end + 1):
                at = end + 2
            elif quote == "'" and self._is_escaped(end):
                at = end + 1
            else:
                self._take(end + 1)
                return

    def _is_escaped(self, quote: int) -> bool:
        """Whether a backslash stands before a quote, which ends the text in standard SQL."""
        back = quote
        while self.content[back - 1] == "\\":
            back -= 1
        if (quote - back) % 2 == 0:
            return False
        rest = self.content[quote + 1 : quote + 40].lstrip()
        return not rest or rest[0] not in ",);"

    def _dollar(self, opened: re.Match[str]) -> None:
        end = self.content.find(opened[0], opened.end())
        self._take(len(self.content) if end == -1 else end + len(opened[0]))

    def _line_start(self) -> Iterator[Statement]:
        at = self.at
        if self.content[at] == "\n":
            self._take(at + 1)
            at += 1
        end = self.content.find("\n", at)
        end = len(self.content) if end == -1 else end
        line = self.content[at:end].strip()
        if line.startswith("\\"):
            # An order to psql; a lone `\.` ends data.
            self.at = end
        elif _GO.match(line):
            self.at = end
            yield from self._end(0)
        elif (changed := _DELIMITER.match(line)) is not None:
            yield from self._end(0)
            self.delimiter = changed[1]
            self.at = end
        elif at == 0 and self.at == 0:
            self._plain_or_special()

    def _plain_or_special(self) -> None:
        """The first character, which no line break announces."""
        character = self.content[self.at]
        if character in "'\"`":
            self._quoted(character)
        elif self.content.startswith("--", self.at):
            self._comment()
        elif self.content.startswith("/*", self.at):
            self._block_comment()
        elif not self.content.startswith(self.delimiter, self.at):
            self._plain()
        else:
            self.at += len(self.delimiter)

    def _end(self, length: int) -> Iterator[Statement]:
        text = "".join(self.pieces)
        self.pieces = []
        self.depth = self.looked = 0
        stripped = text.strip()
        end = self.at
        self.at += length
        if stripped and not self.down:
            yield Statement(stripped, Place(self.name, self._line_of(end, text)))
        if _COPY.match(stripped):
            data = self.content.find("\n\\.", self.at)
            self.at = len(self.content) if data == -1 else data + 3

    def _line_of(self, end: int, text: str) -> int:
        """The line of the first word of a statement that ends at `end`."""
        self.line += self.content.count("\n", self.counted, end)
        self.counted = end
        # Comments that were left out count as well, so it is looked for in the file.
        first = text.strip()[:30].split("\n")[0]
        begin = self.content.rfind(first, self.start, end)
        self.start = end
        if begin == -1:
            return self.line
        return self.line - self.content.count("\n", begin, end)
