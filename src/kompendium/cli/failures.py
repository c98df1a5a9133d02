"""How the command fails: a message for people, and an exit code for each kind of failure.

Nothing fails where nothing is to be done, so what can is imported by then.
"""

from kompendium.cli.exits import Exit
from kompendium.cli.messages import from_here, say
from kompendium.facts.paths import NotACompendium


def explain(error: Exception) -> Exit:
    """Print what went wrong for the person who typed the command, and give the exit code."""
    from kompendium.cli.locking import Locked
    from kompendium.engine.cluster import ClusterError, ClusterLost
    from kompendium.facts.descriptor import FrameError
    from kompendium.facts.documents import InputError
    from kompendium.publication import PublicationError
    from kompendium.publication.editions.errors import NotRunError, RefusedError
    from kompendium.register import RegisterError

    kinds = {
        InputError: Exit.INPUT,
        FrameError: Exit.INPUT,
        NotACompendium: Exit.INPUT,
        RefusedError: Exit.INPUT,
        NotRunError: Exit.INPUT,
        RegisterError: Exit.RUN,
        PublicationError: Exit.PUBLICATION,
        Locked: Exit.LOCKED,
        ClusterError: Exit.INPUT,
        ClusterLost: Exit.RUN,
    }
    for kind, code in kinds.items():
        if isinstance(error, kind):
            say(from_here(error), "red")
            return code
    say(f"Internal error: {type(error).__name__}: {error} (see --debug)", "bold red")
    return Exit.INTERNAL
