"""Editions: frozen, numbered publications that are never changed afterwards."""
