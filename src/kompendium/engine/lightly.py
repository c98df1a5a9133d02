"""nbformat and papermill, imported without what they have no use for here.

nbformat imports jsonschema, which imports checkers of formats as it finds them, though notebooks
are checked without: one of them builds a grammar of several seconds' work (jsonschema#1521).
Papermill imports a library of its own for each kind of place a notebook may lie in.
"""

from kompendium.engine.warm.imports import absent

UNUSED = ("isoduration", "pyarrow", "rfc3986_validator", "rfc3987_syntax")
"""Durations, Hadoop's file system, and addresses of the one and the other standard."""

with absent(UNUSED):
    import nbformat
    import papermill

__all__ = ["nbformat", "papermill"]
