"""What a user finds who is logged in: a page of their own, the logout, their buttons."""

from urllib.parse import parse_qsl, urljoin, urlsplit

from flasklogin_tutorial.attacks.callers import caller_of
from flasklogin_tutorial.attacks.discovery.candidates import Candidate, settle
from flasklogin_tutorial.attacks.discovery.draft import Draft
from flasklogin_tutorial.attacks.discovery.tour import Seen, Tour, explain
from flasklogin_tutorial.attacks.discovery.words import is_for, meaning
from flasklogin_tutorial.visit import Person


def find_whoami(tour: Tour, draft: Draft, member: Person) -> str:
    """Find a page that shows who is logged in.

    In this process Flask-Login says who it was, on any page; one that strangers are kept from is
    the best. Elsewhere the page has to show the name.

    Args:
        tour: the walk through the app.
        draft: the names; they get the page.
        member: somebody who can log in.

    Returns:
        Why there is none; empty if there is one.
    """
    tour.target.deeds.log_in_as(member)
    if draft.is_written("routes.whoami"):
        return ""
    best, rank = "", 0
    for path, seen in tour.for_user(member).items():
        if not seen.shown:
            continue
        stranger = tour.for_strangers().get(path)
        kept = stranger is not None and stranger.refused
        named = member.name in seen.reply.response.text
        called = caller_of(seen.reply).is_called(member.name)
        found = 4 * kept + 2 * named + called if (named or called) else 0
        if found > rank:
            best, rank = path, found
    if not best:
        shown = tour.for_user(member)
        cause = f"none of {len(shown)} pages was shown to a user who had logged in"
        if tour.app is None:
            cause = f"none of {len(shown)} pages shows the name of a user who had logged in"
        draft.note("who is calling", "", "routes.whoami", '"GET /profile"', cause)
        return cause
    draft.put("routes.whoami", f"GET {best}")
    said = f"Flask-Login, asked at GET {best}" if tour.app is not None else f"GET {best}, by name"
    draft.note("who is calling", said, "routes.whoami", '"GET /profile"')
    return ""


def find_next(tour: Tour, draft: Draft) -> None:
    """Find what the address is called that a login goes on to, by being sent to the login."""
    method, _, path = draft.names.routes.whoami.partition(" ")
    if method == "GET":
        answer = tour.open(tour.target.visitor(), path).first
        location = answer.response.headers.get("Location", "")
        for key, value in parse_qsl(urlsplit(location).query):
            if urlsplit(value).path == path:
                draft.put("fields.next", key)
                draft.note("goes on after a login", f"{key}, in the address", "fields.next", '"to"')
                return
    cause = f"{draft.names.routes.whoami} sends a stranger nowhere with an address to come back to"
    draft.note("goes on after a login", "", "fields.next", '"next"', cause)


def find_token_page(tour: Tour, draft: Draft, member: Person) -> None:
    """Find a page on which a user's CSRF token stands."""
    for path, seen in tour.for_user(member).items():
        for form in seen.page.forms:
            tokens = [one.name for one in form.of_kind("hidden") if meaning(one) == "csrf"]
            if tokens and seen.shown:
                draft.put_all({"forms.csrf_field": tokens[0], "forms.csrf_page": path})
                return


def find_logout(tour: Tour, draft: Draft, member: Person) -> None:
    """Find the logout: the view that calls `logout_user`, or what is called so."""
    target = tour.target

    def trouble_with(one: Candidate) -> str:
        person = target.people.member()
        answer = target.deeds.log_out(person.browser)
        is_in = target.senses.is_in(person.browser, person)
        return f"{one.route} was answered by {explain(answer)}" if is_in else ""

    settle(
        draft,
        "logout",
        "logout",
        (Candidate(route, page) for route, page in _logouts(tour, member)),
        trouble_with,
        example='"POST /logout"',
        otherwise="no view calls logout_user, and no link is called so",
    )


def _logouts(tour: Tour, member: Person) -> list[tuple[str, str]]:
    """Return the routes that may log out, each with the page of its button."""
    pages = tour.for_user(member)
    buttons = {
        seen.target_of(form): path
        for path, seen, form in tour.forms(pages)
        if is_for("logout", seen.target_of(form), form.words) or tour.app is not None
    }
    paths = [one for one in tour.calling("logout_user") if not one.arguments]
    paths.sort(key=lambda one: not is_for("logout", one.path, one.endpoint))
    found = []
    for place in paths:
        if is_for("delete", place.path, place.endpoint):
            continue
        for method in ("POST", "GET", "DELETE"):
            if method in place.methods and not (method == "GET" and place.path in buttons):
                found.append((f"{method} {place.path}", buttons.get(place.path, "")))
    if tour.app is None:
        found = [(f"POST {where}", page) for where, page in buttons.items()]
        for seen in pages.values():
            found += [(f"GET {where}", "") for where in _links(tour, seen, "logout")]
        login = tour.target.written("login_page").partition(" ")[2]
        for last in ("logout", "signout", "sign-out"):  # beside the login, where no link leads
            beside = urljoin(login, last)
            found += [(f"{method} {beside}", "") for method in ("POST", "GET")]
    return list(dict.fromkeys(found))


def _links(tour: Tour, seen: Seen, wanted: str) -> list[str]:
    return [
        urlsplit(href).path
        for href, said in seen.page.links.items()
        if is_for(wanted, href, said) and href.startswith(("/", tour.target.url))
    ]


def find_buttons(tour: Tour, draft: Draft, member: Person) -> None:
    """Find what ends all other logins, and what makes an API token."""
    pages = tour.for_user(member)
    for key, shown in (("end_others", "ends other logins"), ("make_token", "makes API tokens")):
        if draft.is_written(f"routes.{key}"):
            continue
        route, page = "", ""
        for path, seen, form in tour.forms(pages):
            where, words = seen.target_of(form), form.words.lower().replace("csrf token", "")
            if form.of_kind("password"):
                continue
            if is_for(key, where, words) and not is_for("reset", where):
                route, page = f"POST {where}", path
        for place in tour.places if not route else ():
            called = (place.path, place.endpoint)
            fits = is_for(key, *called) and "POST" in place.methods and not place.arguments
            if fits and not is_for("reset", *called) and not is_for("login", place.endpoint):
                route = f"POST {place.path}"
        draft.put(f"routes.{key}", route)
        if page:
            draft.put("routes.account", f"GET {page}")
        example = f'"POST /{key.replace("_", "-")}"'
        cause = "" if route else "no button and no route of that name"
        draft.note(shown, route, f"routes.{key}", example, cause)
