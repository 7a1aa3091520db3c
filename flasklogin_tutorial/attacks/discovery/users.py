"""How an app's users are made: each way is tried, and is right when somebody can log in."""

from flasklogin_tutorial.attacks.callers import caller_of
from flasklogin_tutorial.attacks.discovery.collection import (
    UserCollection,
    questions,
    seen_collection,
)
from flasklogin_tutorial.attacks.discovery.commands import commands_for_users
from flasklogin_tutorial.attacks.discovery.draft import Draft
from flasklogin_tutorial.attacks.discovery.login import Login, second_step
from flasklogin_tutorial.attacks.discovery.model import (
    UserModel,
    find_model,
    find_wrapper,
    load_model,
)
from flasklogin_tutorial.attacks.discovery.tour import Tour, explain
from flasklogin_tutorial.attacks.web import visible_text
from flasklogin_tutorial.visit import Browser, Person, Reply, shorten

#: Characters of what a page said to a login that was refused.
_SAID = 120

_NOTHING_TO_TRY = (
    "the app has no command for it, no registration that was found, and no class of users that is "
    "known here"
)


def find_users(tour: Tour, draft: Draft, logins: list[Login]) -> Person | None:
    """Find how users are made, and which of some logins takes them.

    Args:
        tour: the walk through the app.
        draft: the names; they get what was found.
        logins: the logins that the app may have.

    Returns:
        A user who can log in; None if none could be made.
    """
    accounts, tried = tour.target.people.accounts, dict[str, str]()
    accounts.opens = lambda person: why_not(tour, draft, person)
    _find_keeper(tour, draft, logins)
    for said, way in accounts.ways().items():
        for login in logins:
            for named in login.named:
                draft.put_all({**login.values, "users.named": named})
                person = tour.target.people.stranger()
                accounts.answered = None
                trouble = accounts.try_way(way, person)
                if not trouble:
                    tour.target.people.made.append(person)
                    _note(draft, tour, said, login)
                    return person
                if not _is_no_way(trouble):
                    tried.setdefault(said, _of_registration(draft, tour) + trouble)
                elif said not in tried:
                    break
            if said not in tried:
                break
    draft.put_all({**logins[0].values, "users.named": logins[0].named[0]})
    draft.note("login", logins[0].said, "routes.login", '"POST /login"')
    told = [f"By {said}: {trouble}." for said, trouble in tried.items()]
    draft.trouble = " ".join(told) or _NOTHING_TO_TRY
    draft.note("users are made by", "", "users.make", '"mytests:make_user"', draft.trouble)
    return None


def _of_registration(draft: Draft, tour: Tour) -> str:
    """Return what the page of the registration answered, where it was shown again."""
    answer = tour.target.people.accounts.answered
    page = draft.names.pages.create
    if answer is None or not page or answer.response.status_code != 200:
        return ""
    words = _words_of(tour, tour.target.visitor(), answer, page)
    return f"{_sent(answer)} was answered by {answer.came_back}{words}, and " if words else ""


def _is_no_way(trouble: str) -> bool:
    """Tell whether an app has no such way at all, so that there is nothing to say of it."""
    ends = ("names no users.make", "does not exist", "no class of its users is known")
    return trouble.startswith("there is no command") or trouble.endswith(ends)


def _note(draft: Draft, tour: Tour, said: str, login: Login) -> None:
    at, names = draft.names.routes, draft.names
    shown = login.said
    if login.values.get("routes.login") != at.login:
        shown = f"{login.values['routes.login']} takes the name, then {at.login} the password"
    if names.users.named == "email":
        shown += "; the name is an e-mail address"
    draft.note("login", shown, "routes.login", '"POST /login"')
    keeper = tour.target.people.accounts.keeper
    if said == "its registration":
        said = f"{at.create}, its registration"
    elif said == "a command of its own" and tour.app is not None:
        said = f"the command {commands_for_users(tour.app)}"
    elif said.startswith("the class") and isinstance(keeper, (UserModel, UserCollection)):
        said = f"{keeper.written}, the password by {keeper.stored_by}"
    draft.note("users are made by", said, "users.make", '"mytests:make_user"')


def _find_keeper(tour: Tour, draft: Draft, logins: list[Login]) -> None:
    """Find the class or the collection of the users."""
    app, accounts = tour.app, tour.target.people.accounts
    if app is None:
        return
    written = draft.names.users.model
    model = load_model(written) if written else find_model(app)
    if model is not None:
        accounts.keeper = keeper = UserModel(app, model)
        if keeper.can_be_imported:
            draft.put("users.model", keeper.written)
        return
    for login in logins:
        for named in login.named:
            draft.put_all({**login.values, "users.named": named})
            person, asked = tour.target.people.stranger(), []  # type: ignore[var-annotated]
            with questions(asked):
                tour.target.deeds.log_in(person.browser, person.name, person.password)
            seen = seen_collection(person.name, asked)
            view = app.view_functions.get(login.endpoint)
            if seen is not None and view is not None:
                accounts.keeper = UserCollection(app, *seen, view, find_wrapper(app))
                return


# ---- whether somebody can log in


def why_not(tour: Tour, draft: Draft, person: Person) -> str:
    """Tell why a person cannot log in.

    Args:
        tour: the walk through the app.
        draft: the names.
        person: who logs in.

    Returns:
        The login that was sent, and what came back; empty if they were let in.
    """
    trouble = second_step(tour, draft, person.name)
    if trouble:
        return trouble
    browser = tour.target.visitor()
    answer = tour.target.deeds.log_in(browser, person.name, person.password)
    if is_in(tour, browser, answer, person):
        return ""
    if answer.crashed:
        return f"{_sent(answer)} was answered by {explain(answer)}"
    return f"{_sent(answer)} was answered by {explain(answer)}{_words_of(tour, browser, answer)}"


def is_in(tour: Tour, browser: Browser, answer: Reply, person: Person) -> bool:
    """Tell whether a login let somebody in.

    Flask-Login knows it. Elsewhere a page tells that shows their name, or keeps strangers out.
    """
    if tour.app is not None:
        return caller_of(answer).is_called(person.name)
    if answer.crashed or answer.response.status_code >= 400:
        return False
    if answer.response.is_redirect:
        tour.found_at(answer.response.headers["Location"])
    stranger = tour.for_strangers()
    for path, seen in tour.all_pages(browser).items():
        if not seen.shown:
            continue
        before = stranger.get(path) or tour.open(tour.target.visitor(), path)
        named = person.name in visible_text(seen.reply.response.text)
        if before.refused or (named and person.name not in before.reply.response.text):
            return True
    return False


def _sent(answer: Reply) -> str:
    return " ".join(answer.called.split()[:2])


def _words_of(tour: Tour, browser: Browser, answer: Reply, page: str = "") -> str:
    """Return what a page says to a login that was refused and does not say to a stranger."""
    reply = answer
    if answer.response.is_redirect:
        reply = tour.open(browser, answer.response.headers["Location"]).reply
    if "html" not in reply.response.headers.get("Content-Type", ""):
        return ""
    page = page or tour.target.written("login_page").partition(" ")[2] or "/"
    before = set(_lines(tour.open(tour.target.visitor(), page).reply.response.text))
    new = [line for line in _lines(reply.response.text) if line not in before]
    return f', which says "{shorten(" ".join(new), _SAID)}"' if new else ""


def _lines(page: str) -> list[str]:
    broken = page.replace("<", "\n<")
    return [text for text in (visible_text(line) for line in broken.splitlines()) if text]
