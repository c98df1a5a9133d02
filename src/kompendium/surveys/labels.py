"""The answers of the codebooks' questions in English, where the English edition shows them."""

ENGLISH = {
    "Ja": "Yes",
    "Nei": "No",
    "Nei, men planlagt": "No, but planned",
    "Vet ikke": "Do not know",
    "Ikke besvart": "Not answered",
    "Valgt": "Chosen",
    "Ikke valgt": "Not chosen",
    "God": "Good",
    "Middels": "Middling",
    "Dårlig": "Poor",
    "Kjenner ikke til": "Do not know of it",
    "Kjenner til": "Know of it",
    "Svært godt": "Very good",
    "Godt": "Good",
    "Verken godt eller dårlig": "Neither good nor poor",
    "I stor grad": "To a large extent",
    "I noen grad": "To some extent",
    "I liten grad": "To a small extent",
    "Ingen": "None",
    "Noen": "Some",
    "De fleste": "Most",
}
"""By the Norwegian label; one that is not here is shown as the codebook has it."""
