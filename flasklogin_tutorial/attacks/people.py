"""The people whom an attack needs: strangers, users, and users who are logged in."""

import re
import secrets
from typing import Any

from flasklogin_tutorial.attacks.accounts import Accounts
from flasklogin_tutorial.attacks.deeds import Deeds
from flasklogin_tutorial.attacks.outcome import NotTried
from flasklogin_tutorial.attacks.senses import Senses
from flasklogin_tutorial.attacks.site import Site
from flasklogin_tutorial.visit import Person, Reply, email_of

#: Names of the people; each gets a random end, which no real user has. Letters and digits alone are
#: what every app takes.
_NAMES = ("ada", "grace", "mary", "joan", "hedy", "radia")

#: Names that may stand in an e-mail address as they are.
_MAILBOX = re.compile("[A-Za-z0-9._-]+")


class People:
    """Everybody who visits an app for the attacks.

    Args:
        site: the app.
        deeds: what can be done there.
        senses: what can be seen of it.
    """

    def __init__(self, site: Site, deeds: Deeds, senses: Senses) -> None:
        self._site, self._deeds, self._senses = site, deeds, senses
        self.accounts = Accounts(site, deeds, senses)
        self._invented = 0
        self._regular: Person | None = None
        #: All who were given an account.
        self.made: list[Person] = []

    # ---- who there is

    def stranger(self, *, name: str = "", password: str = "", address: str = "") -> Person:
        """Invent somebody who has no account.

        Args:
            name: their name; a new one if left out.
            password: their password; a good one if left out.
            address: where they come from; an address of their own if left out.

        Returns:
            Somebody with a browser.
        """
        self._invented += 1
        name = name or f"{_NAMES[(self._invented - 1) % len(_NAMES)]}{secrets.token_hex(4)}"
        by_email = self._site.names.users.named == "email"
        if by_email and "@" not in name:
            name = email_of(name)
        address = address or self._site.new_address()
        browser = self._site.visitor(address)
        mailbox = name if _MAILBOX.fullmatch(name) else f"somebody-{secrets.token_hex(4)}"
        email = name if by_email else email_of(mailbox)
        return Person(name, password or new_password(), email, browser, address)

    def user(self, *, admin: bool = False, **options: str) -> Person:
        """Make a user.

        Args:
            admin: whether they may do everything.
            **options: as for `stranger`.

        Returns:
            The user, not logged in.

        Raises:
            NotTried: no user could be made, or no admin.
        """
        if self.accounts.trouble and not admin:
            raise NotTried("No user could be made, or logged in.")
        new = self.stranger(**options)
        self.accounts.make(new, admin)
        self.made.append(new)
        return new

    def member(self, *, remember: bool = False, **options: Any) -> Person:
        """Make a user and log them in.

        Args:
            remember: whether to ask that they be remembered.
            **options: as for `user`.

        Returns:
            The user; their browser is logged in.

        Raises:
            NotTried: no user could be made, or the login fails.
        """
        person = self.user(**options)
        self.enter(person, remember=remember)
        return person

    def regular(self) -> Person:
        """Return a user who is logged in: the same one each time, whom nothing is done to.

        Raises:
            NotTried: no user could be made, or the login fails.
        """
        if self._regular is None or not self._senses.is_in(self._regular.browser, self._regular):
            self._regular = self.member()
        return self._regular

    def writer(self) -> Person:
        """Log somebody in who may write as much as anybody may: an admin, if there are admins."""
        try:
            return self.member(admin=True)
        except NotTried:
            return self.member()

    # ---- what is done for them

    def enter(self, person: Person, *, remember: bool = False) -> Reply:
        """Log a person in from their own browser.

        Raises:
            NotTried: the login fails, or nothing tells who is logged in.
        """
        answer = self._deeds.log_in_as(person, remember=remember)
        if not self._senses.is_in(person.browser, person):
            raise NotTried(
                f"A login was not accepted: {answer.called} was answered by {answer.came_back}."
            )
        return answer

    def change_password(self, person: Person, who: str = "with a new password") -> Reply:
        """Let a person change their own password.

        Raises:
            NotTried: the new one does not work afterwards.
        """
        new = f"other-{secrets.token_hex(8)}"
        answer = self._deeds.change_own_password(person, new, who)
        if not self._senses.works(person.name, new):
            raise NotTried(
                f"This user cannot change their own password: {answer.called} was answered by "
                f"{answer.came_back}."
            )
        person.password = new
        return answer

    def remove(self, person: Person) -> Reply:
        """Delete a user: they do it themselves from another browser, or somebody else does."""
        other = self._site.visitor()
        self._deeds.log_in_as(person, browser=other)
        answer = self._deeds.delete(other, person, who=person.name, password=person.password)
        if self._senses.exists(person):
            answer = self._deeds.delete(self.writer().browser, person, who="somebody who may")
        return answer

    def clean_up(self) -> None:
        """Delete the users that were made, as far as the app lets them be deleted."""
        try:
            made, writer = list(self.made), self.writer()
            for person in [*made, writer]:
                self._deeds.delete(writer.browser, person)
        except NotTried:
            pass  # an app that nobody can log in to keeps them


def new_password() -> str:
    """Return a good password that nobody has yet."""
    return f"long-{secrets.token_hex(8)}"
