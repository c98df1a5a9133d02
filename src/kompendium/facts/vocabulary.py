"""The four verdicts and four kinds of evidence: the compendium's closed vocabulary."""

from enum import StrEnum

from kompendium.facts.language import either


class Verdict(StrEnum):
    """What the compendium says of a published figure."""

    # Recomputed from evidence.
    REPRODUCED = "reproduced"
    CONTRADICTED = "contradicted"

    # Not recomputed: only bounded, or not at all.
    COMPATIBLE = "compatible"
    UNTESTABLE = "untestable"

    def word(self, lang: str | None = None) -> str:
        """The verdict in the reader's language."""
        return either(NORWEGIAN[self], self.value, lang)


NORWEGIAN = {
    Verdict.REPRODUCED: "reprodusert",
    Verdict.CONTRADICTED: "motsagt",
    Verdict.COMPATIBLE: "forenlig",
    Verdict.UNTESTABLE: "ikke testbar",
}


class Evidence(StrEnum):
    """What a result rests on; an illustration is shown, but is evidence of nothing."""

    SURVEY = "survey"
    REGISTER = "register"
    ARITHMETIC = "arithmetic"
    ILLUSTRATION = "illustration"

    def word(self, lang: str | None = None) -> str:
        """The kind of evidence in the reader's language."""
        return either(NORWEGIAN_EVIDENCE[self], self.value, lang)


NORWEGIAN_EVIDENCE = {
    Evidence.SURVEY: "svar",
    Evidence.REGISTER: "register",
    Evidence.ARITHMETIC: "regnestykke",
    Evidence.ILLUSTRATION: "illustrasjon",
}
