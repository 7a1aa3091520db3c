"""Running the attacks."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Flask

from flasklogin_tutorial.attacks.attack import ATTACKS, Attack
from flasklogin_tutorial.attacks.discovery.search import find_way_in
from flasklogin_tutorial.attacks.discovery.way_in import WayIn
from flasklogin_tutorial.attacks.names import Names
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, Verdict
from flasklogin_tutorial.attacks.report import Report, Row
from flasklogin_tutorial.attacks.slow_hashes import computed_once
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import describe_error

#: The part of the attacks that has to be tried, before an app counts as looked at.
FLOOR = 0.5


class MightBeReal(Exception):
    """The attacks would write to a database that may matter to somebody."""

    def __init__(self) -> None:
        super().__init__(
            "The attacks make, change and delete users in whatever database the app is configured "
            "with. This app does not run on mongomock or on SQLite in memory. Configure it for a "
            "database that may be ruined, and say so."
        )


def find_attacks(names: Sequence[str]) -> list[Attack]:
    """Return the attacks with these names.

    Args:
        names: the names; none means all attacks.

    Returns:
        The attacks, in the order of the list.

    Raises:
        ValueError: there is no attack of that name.
    """
    known = {one.name for one in ATTACKS}
    for name in names:
        if name not in known:
            raise ValueError(f"There is no attack {name!r}. There are: {', '.join(sorted(known))}.")
    return [one for one in ATTACKS if not names or one.name in names]


def try_attack(one: Attack, target: Target) -> Outcome:
    """Try one attack on a target; whatever goes wrong in it, there is an outcome.

    Args:
        one: the attack.
        target: the app.

    Returns:
        The outcome. What cannot be tried is `not tried`, with the reason, and never `held`.
    """
    try:
        return one.run(target)
    except NotTried as reason:
        return Outcome(Verdict.NOT_TRIED, str(reason))
    except Exception as error:
        says = f"The attack could not be carried out: {describe_error(error)}"
        return Outcome(Verdict.NOT_TRIED, says)


def enter(
    app: Flask | str | Callable[[], Flask], names: Names | None = None, *, may_write: bool = False
) -> tuple[Target, WayIn]:
    """Find a way into an app; this makes users already.

    Args:
        app: as for `run_attacks`.
        names: what is known of the app; what is left out is searched for.
        may_write: as for `run_attacks`.

    Returns:
        The app as a target, and what was found of it.

    Raises:
        MightBeReal: the database is not known to be disposable, and `may_write` was not given.
        NotAFlaskApp: `app` is none, and did not return one.
        ValueError: an address that is not on this machine.
    """
    target = Target(_made(app), names)
    if not may_write and not target.inside.is_disposable():
        raise MightBeReal
    return target, find_way_in(target)


def _made(app: Flask | str | Callable[[], Flask]) -> Flask | str:
    """Return the app itself, or its address."""
    return app() if callable(app) and not isinstance(app, Flask) else app


def run_attacks(
    app: Flask | str | Callable[[], Flask],
    names: Names | None = None,
    *,
    only: Sequence[str] = (),
    may_write: bool = False,
    progress: Callable[[int, int, str], None] = lambda done, all_of_them, name: None,
    found: Callable[[WayIn], None] = lambda way_in: None,
) -> Report:
    """Try the attacks on an app.

    **The attacks make, change and delete users in whatever database the app is configured with.**

    Args:
        app: a Flask app, a function that makes one, or the address of a running one on this
            machine, such as `http://127.0.0.1:5000`.
        names: what the app calls its routes and fields; what is left out is searched for.
        only: the names of the attacks to try; all if left out.
        may_write: that the app's database may be ruined. Needed unless it is mongomock, or SQLite
            in memory.
        progress: called before each attack with the number done, the number of all, and its name.
        found: called before the first attack with what was found of the app.

    Returns:
        What came of each attack.

    Raises:
        MightBeReal: the database is not known to be disposable, and `may_write` was not given.
        NotAFlaskApp: `app` is none, and did not return one.
        ValueError: an address that is not on this machine, or an attack that does not exist.
    """
    chosen, app = find_attacks(only), _made(app)
    with computed_once():
        target, way_in = enter(app, names, may_write=may_write)
        found(way_in)
        if way_in.trouble:
            target.people.accounts.trouble = way_in.trouble
        return _try_all(chosen, target, progress)


def _try_all(
    chosen: list[Attack], target: Target, progress: Callable[[int, int, str], None]
) -> Report:
    report, no_login = Report(), _why_nobody_is_in(target) if len(chosen) > 1 else ""
    for number, one in enumerate(chosen):
        progress(number, len(chosen), one.name)
        outcome = try_attack(one, target)
        if no_login and outcome.says == no_login:  # it is said once
            outcome = replace(outcome, says="No login was seen to work.")
        report.rows.append(Row(one, outcome))
    report.trouble = _why_not_looked(report, target, no_login)
    _clean_up(target)
    progress(len(chosen), len(chosen), "done")
    return report


def _why_nobody_is_in(target: Target) -> str:
    """Let somebody log in; return why nobody was seen to be in, if nobody was."""
    try:
        target.people.regular()
    except NotTried as reason:
        accounts = target.people.accounts
        accounts.trouble = accounts.trouble or str(reason)
        return str(reason)
    except Exception as error:
        return f"The first login could not be tried: {describe_error(error)}"
    return ""


def _why_not_looked(report: Report, target: Target, no_login: str) -> str:
    """Say why what held says little: nobody was seen to be logged in, or little was tried.

    Where all that was asked for was tried, that was looked at, whatever it is.
    """
    missed = len(report.having(Verdict.NOT_TRIED))
    if not missed:
        return ""
    trouble = target.people.accounts.trouble
    if trouble:
        return trouble if trouble == no_login else f"No user could be made: {trouble}"
    if not target.senses.has_seen_a_login:
        return no_login or "No login was seen to work."
    tried = len(report.rows) - missed
    # What is on a feature that the app lacks says nothing of how much of the app was looked at.
    lacking = [row for row in report.rows if not all(map(target.has, row.attack.on))]
    if not tried or tried < FLOOR * (len(report.rows) - len(lacking)):
        return f"Only {tried} of {len(report.rows)} attacks could be tried."
    return ""


def _clean_up(target: Target) -> None:
    try:
        target.people.clean_up()
    except Exception:  # an app that fell apart keeps what it has
        return
