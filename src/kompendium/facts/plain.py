"""Plain YAML, read by libyaml: the same values as the careful reader gives, in a tenth of the time.

The careful reader (``documents.read``) knows every form and every line, and is written in
Python. What people write is nearly always texts, plain numbers, lists and mappings; what is
anything else (tags, dates, ``007``, a key that stands twice, a mistake) is left to that one.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml  # type: ignore[import-untyped]

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
FRACTION = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")

OTHER = re.compile(r"[-+.0-9<=]\S*(\s[-+.:\sTtZ0-9]*)?")
"""What may be a number in another form, a date or a merge key; «8 av 10» is none."""

WORDS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}

UNLIKE = re.compile(r"[\t\x85\u2028\u2029\ufeff]|(\A|[\r\n])\.\.\.")
"""Characters that are space, end a line or begin a text for one of the readers only, and the end
of a document, after which one of them sees another where nothing comes but the end again."""


class NotPlain(ValueError):  # noqa: N818 - names what the document is, not a mistake
    """The document has something in it that is for the careful reader."""


def values(text: str) -> Any:
    """Give the values of a plain document; raises NotPlain for any other."""
    if UNLIKE.search(text):
        raise NotPlain
    try:
        return _Document(text).value()
    except (yaml.YAMLError, RecursionError):
        raise NotPlain from None


class _Document:
    """A document as libyaml sees it, event by event."""

    def __init__(self, text: str) -> None:
        self.events = yaml.parse(text, Loader=yaml.CBaseLoader)
        self.anchors: dict[str, Any] = {}

    def value(self) -> Any:
        """Build the value of the whole; there is one document, under no directive."""
        self._take(yaml.StreamStartEvent)
        begun = self._take(yaml.DocumentStartEvent)
        if begun.version or begun.tags:
            raise NotPlain
        value = self._built(next(self.events))
        self._take(yaml.DocumentEndEvent)
        self._take(yaml.StreamEndEvent)
        return value

    def _take(self, kind: type) -> Any:
        event = next(self.events)
        if not isinstance(event, kind):
            raise NotPlain
        return event

    def _built(self, event: Any) -> Any:
        """Build the value that begins with an event; what an anchor names is the same value.

        Only lists and mappings have anchors here.
        """
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise NotPlain
            return self.anchors[event.anchor]
        if event.tag or event.anchor in self.anchors:
            raise NotPlain
        value = self._content(event)
        if event.anchor:
            self.anchors[event.anchor] = value
        return value

    def _content(self, event: Any) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor:
                raise NotPlain
            return event.value if event.style else _scalar(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._built(one) for one in self._until(yaml.SequenceEndEvent)]
        content: dict[Any, Any] = {}
        for one in self._until(yaml.MappingEndEvent):
            key = self._built(one)
            if isinstance(key, list | dict) or key in content:
                raise NotPlain
            content[key] = self._built(next(self.events))
        return content

    def _until(self, end: type) -> Iterator[Any]:
        """Give events up to the one that ends a collection, which is taken too."""
        while not isinstance(event := next(self.events), end):
            yield event


def _scalar(text: str) -> Any:
    """Read what stands without quotation marks."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if FRACTION.fullmatch(text):
        return float(text)
    if OTHER.fullmatch(text):
        raise NotPlain
    return text
