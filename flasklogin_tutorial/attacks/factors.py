"""Somebody's second factor, as an attack needs it: set up in the app, and a telephone with it."""

import re
import time
from collections.abc import Iterator

import pyotp

from flasklogin_tutorial.attacks.outcome import NotTried
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Person, Reply

#: Seconds for which one code is shown, and how long before that apps may take it.
_STEP, _EARLY = 30, 9

#: Waits for some seconds. Whoever can move the clocks of the app puts something else here.
wait = time.sleep

#: A seed, in the address that a picture hands to a telephone.
_SEED = re.compile(r"secret=([A-Z2-7]{16,})")


class Factor:
    """A second factor of a user, who is not logged in.

    Args:
        target: the app.
        person: whose it is.
        seed: what the telephone was shown.
        begun: the answer that may show recovery codes.
        step: the number of the 30 seconds whose code began it.
    """

    def __init__(self, target: Target, person: Person, seed: str, begun: Reply, step: int) -> None:
        self._target, self.person, self._totp = target, person, pyotp.TOTP(seed)
        self.seed, self._takes_name, self._used, self._begun = seed, True, 0, step
        self.recovery_codes = _recovery_codes(begun)

    def code(self) -> str:
        """Return what the telephone shows now."""
        return self._totp.now()

    def is_untouched(self, code: str) -> bool:
        """Tell whether a code is what the telephone shows now, and was typed nowhere."""
        now = int(time.time())
        return code == self._totp.at(now) and now // _STEP > max(self._begun, self._used)

    def type_password(self, browser: Browser) -> Reply:
        """Take the first of the two steps."""
        return self._target.deeds.log_in_as(self.person, "with the password", browser=browser)

    def begin_login(self, browser: Browser) -> None:
        """Take the first of the two steps, which must not be enough.

        Raises:
            NotTried: the password alone is enough.
        """
        self.type_password(browser)
        if self._target.senses.is_in(browser, self.person):
            raise NotTried("The password alone is enough here; see second-step-skipped.")

    def type_code(
        self, browser: Browser, code: str, who: str, *, of: Person | None = None
    ) -> Reply:
        """Take the second step.

        Args:
            browser: who takes it.
            code: the code.
            who: who it is, in words.
            of: whose name goes along, where an app takes a name; the user's own if left out.

        Returns:
            The answer.
        """
        fields = self._target.names.fields
        body = {fields.code: code}
        # What this call sends decides, because others may be on their way beside it.
        is_named = bool(self._takes_name and fields.code_name)
        if is_named:
            body[fields.code_name] = (of or self.person).name
        answer = self._target.call(browser, "login_code", body, who=who)
        if answer.response.status_code == 422 and is_named:  # it knows no such field
            self._takes_name = False
            return self.type_code(browser, code, who, of=of)
        return answer

    def unused_codes(self) -> Iterator[str]:
        """Yield codes of which an app takes one in the next seconds, each later than the last."""
        return map(self._totp.at, (step * _STEP for step in self._unused_steps()))

    def _unused_steps(self) -> Iterator[int]:
        """Yield the numbers of the 30 seconds whose code may be good, and wait for the next ones.

        The code that set it up may be used. Many an app takes the next one early.
        """
        present = int(time.time()) // _STEP
        step = max(present, self._used + 1)
        if step == present:
            yield step
            step += 1
        for moment in (step * _STEP - _EARLY, step * _STEP + 1):
            if (seconds := moment - time.time()) > 0:
                wait(seconds)
            yield step

    def enter(self, browser: Browser, who: str = "with password and code") -> Reply:
        """Log in with the password and whatever code is at hand.

        Raises:
            NotTried: it is not taken, or the password alone is enough.
        """
        if not self.recovery_codes:
            return self.enter_with_code(browser, who)[1]
        self.type_password(browser)
        answer = self.type_code(browser, self.recovery_codes.pop(), who)
        if not self._target.senses.is_in(browser, self.person):
            raise NotTried(f"No recovery code is taken: it was answered by {answer.came_back}.")
        return answer

    def enter_with_code(self, browser: Browser, who: str) -> tuple[str, Reply]:
        """Log in with password and code, from a browser.

        Returns:
            The code that was taken, and the answer to it.

        Raises:
            NotTried: no code is taken, or the password alone is enough.
        """
        self.begin_login(browser)
        for step in self._unused_steps():
            code = self._totp.at(step * _STEP)
            answer = self.type_code(browser, code, who)
            if self._target.senses.is_in(browser, self.person):
                self._used = step
                return code, answer
            if answer.response.status_code in (403, 423, 429):  # whatever the code
                break
        raise NotTried(f"No code was taken: {answer.called} was answered by {answer.came_back}.")


def with_factor(target: Target, person: Person | None = None) -> Factor:
    """Make a user with a second factor.

    Args:
        target: the app.
        person: somebody who is logged in and gets it; a new user if left out.

    Returns:
        The second factor, with its user.

    Raises:
        NotTried: the app has none, or none could be set up.
    """
    person = person or target.people.member()
    target.route("login_code")
    shown = target.deeds.press_on("factor_page", person.browser, "new_factor", {})
    found = _SEED.search(shown.response.text)
    if found is None:
        raise NotTried(
            f"No second factor could be set up: {shown.called} was answered by {shown.came_back}."
        )
    totp = pyotp.TOTP(found[1])
    for early in (_EARLY, 0):  # the earlier one, if it is still taken, leaves the later one unused
        moment = int(time.time()) - early
        typed = {target.names.fields.code: totp.at(moment)}
        begun = target.deeds.press_on(
            "factor_page", person.browser, "begin_factor", typed, shown=shown
        )
        if begun.response.status_code < 300:
            return Factor(target, person, found[1], begun, moment // _STEP)
    raise NotTried(
        f"No second factor could be set up: {begun.called} was answered by {begun.came_back}."
    )


def _recovery_codes(begun: Reply) -> list[str]:
    """Return the recovery codes that an answer shows, as JSON or on a page."""
    lists = [one for one in begun.data.values() if isinstance(one, list)]
    found = [one for codes in lists for one in codes if isinstance(one, str)]
    return found or re.findall(r"<code>\s*([A-Za-z0-9-]{8,60})\s*</code>", begun.response.text)
