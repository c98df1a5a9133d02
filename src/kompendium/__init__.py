"""Kompendium: published survey figures, re-run and held against what can be computed."""
