"""HTML outputs made harmless: what a library printed never runs in a reader's browser.

Quarto and nbconvert pass ``<script>`` and ``onerror=`` of outputs on unchanged. Here only
listed elements and attributes pass; everything else goes, the text inside harmless unknown
elements stays.
"""

import re

from lxml import html
from lxml.html import HtmlElement

_ELEMENTS = (
    "a abbr b blockquote br caption code col colgroup dd del div dl dt em figcaption figure"
    " h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub sup"
    " table tbody td tfoot th thead tr u ul var"
)
ELEMENTS = frozenset(_ELEMENTS.split())
"""Elements that only structure or mark text."""

_DROPPED = (
    "script style iframe object embed applet form input button select textarea option svg math"
    " link meta base head title template noscript audio video source track canvas frame"
    " frameset"
)
DROPPED = frozenset(_DROPPED.split())
"""Elements whose content is no text for a reader: they go with all they hold."""

_ATTRIBUTES = "alt class colspan dir href lang rowspan scope src title"
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
"""Attributes that neither run, style nor fetch; addresses are checked on top."""

_LINK = re.compile(r"^(https?:|mailto:|#|[\w./-]+(#|$))", re.IGNORECASE)
_IMAGE = re.compile(r"^data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)
_ADDRESSES = {"href": _LINK, "src": _IMAGE}


def sanitized(text: str) -> str:
    """The harmless part of an HTML fragment; text without any element comes back escaped."""
    container = html.fragment_fromstring(text, create_parent="div")
    for element in list(container.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag in DROPPED:
            element.drop_tree()
        elif element.tag not in ELEMENTS:
            element.drop_tag()
        else:
            _clean_attributes(element)
    whole = str(html.tostring(container, encoding="unicode"))
    return whole.removeprefix("<div>").removesuffix("</div>").strip()


def _clean_attributes(element: HtmlElement) -> None:
    for name, value in list(element.attrib.items()):
        address = _ADDRESSES.get(str(name))
        allowed = str(name) in ATTRIBUTES
        if not allowed or (address and not address.match(str(value).strip())):
            del element.attrib[name]
