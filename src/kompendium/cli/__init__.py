"""The command ``kompendium``."""


def main() -> None:
    """Run the command.

    What it needs is imported here: workers of a build load the script it was started by, and have
    no use for a command line.
    """
    from kompendium.cli.app import main as run

    run()


__all__ = ["main"]
