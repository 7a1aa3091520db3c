"""How a hole, or what looks like one, is put into the bank."""

from collections.abc import Callable
from dataclasses import dataclass

from flasklogin_tutorial.attacks import Verdict

from .shapes import SHAPES, Shape, build


@dataclass(frozen=True)
class Planted:
    """An app of the bank, and what an attack has to say of it.

    Attributes:
        shape: the shape of the app.
        plant: what was replaced in it.
        attack: the name of the attack.
        verdict: what the attack has to say.
    """

    shape: Shape
    plant: Callable
    attack: str
    verdict: Verdict

    @property
    def name(self):
        """A short name, for the test."""
        return f"{self.shape}-{self.plant.__name__}-{self.attack}"

    def create_app(self):
        return build(self.shape, self.plant)


#: Every app of the bank.
BANK: list[Planted] = []


def _into_bank(verdict, attacks, shapes):
    def register(plant):
        BANK.extend(Planted(shape, plant, one, verdict) for shape in shapes for one in attacks)
        return plant

    return register


def hole(*attacks, shapes=SHAPES):
    """Put a hole into the bank, on which these attacks get in."""
    return _into_bank(Verdict.GOT_IN, attacks, shapes)


def look_alike(*attacks, shapes=SHAPES):
    """Put something into the bank that looks like a hole, and at which these attacks fail."""
    return _into_bank(Verdict.HELD, attacks, shapes)


def cannot_be_seen(*attacks, shapes=SHAPES):
    """Put something into the bank of which these attacks cannot tell."""
    return _into_bank(Verdict.NOT_TRIED, attacks, shapes)
