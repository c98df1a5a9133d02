"""nbformat, imported without a grammar it has no use for.

nbformat imports jsonschema, which imports checkers of formats as it finds them; one of them
(``rfc3987_syntax``, for internationalised addresses) builds a grammar of several seconds'
work. nbformat checks notebooks without any checker of formats (jsonschema#1521).
"""

import sys

GRAMMAR = "rfc3987_syntax"

_stopped = GRAMMAR not in sys.modules
if _stopped:
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]
try:
    import nbformat
finally:
    if _stopped:
        del sys.modules[GRAMMAR]

__all__ = ["nbformat"]
