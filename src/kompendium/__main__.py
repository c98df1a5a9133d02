"""``python -m kompendium`` is the command."""

from kompendium.cli import main

main()
