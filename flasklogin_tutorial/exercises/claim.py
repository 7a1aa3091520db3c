"""What a question, a hint or a prompt says of other software, and where it can be checked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """Something that is said of other software, of a standard or of the world.

    Attributes:
        says: the claim, in the words of the text that it stands in.
        source: the address of what says the same.
        test: the test of the course that shows it, as pytest names it; empty if there is none.
    """

    says: str
    source: str
    test: str = ""
