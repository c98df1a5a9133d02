"""The command ``kompendium``."""

from kompendium.cli.app import main

__all__ = ["main"]
