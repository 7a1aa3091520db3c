"""An app under attack: what every attack is given."""

from flask import Flask

from flasklogin_tutorial.attacks.deeds import Deeds
from flasklogin_tutorial.attacks.doors import Doors
from flasklogin_tutorial.attacks.names import Names
from flasklogin_tutorial.attacks.people import People
from flasklogin_tutorial.attacks.senses import Senses
from flasklogin_tutorial.attacks.site import Site


class Target(Site):
    """An app with the people who use it, what they do there, and what can be seen of it.

    Args:
        app: a Flask app, or the address of a running one on this machine.
        names: what the app calls its routes and fields; the article's names if left out.

    Attributes:
        deeds: what people do.
        senses: what can be seen from outside; by this the attacks are judged.
        people: who there is: strangers, users, members.
        doors: which routes open for those who may use them.

    Raises:
        NotAFlaskApp: `app` is neither.
        ValueError: the address is not a loopback address.
    """

    def __init__(self, app: Flask | str, names: Names | None = None) -> None:
        super().__init__(app, names)
        self.deeds = Deeds(self)
        self.senses = Senses(self, self.deeds)
        self.people = People(self, self.deeds, self.senses)
        self.doors = Doors(self, self.deeds, self.senses, self.people)
