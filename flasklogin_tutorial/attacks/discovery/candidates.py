"""What may be the route that is looked for, and which one is: the first that does its work."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flasklogin_tutorial.attacks.discovery.draft import Draft
from flasklogin_tutorial.attacks.outcome import NotTried


@dataclass(frozen=True)
class Candidate:
    """A request that may do what is looked for.

    Attributes:
        route: the verb and the path.
        page: the page with its form; empty if it has none.
        also: what it is sent besides a record; None where that is not asked.
        said: the request in words; the route if left out.
    """

    route: str
    page: str = ""
    also: dict[str, str] | None = None
    said: str = ""


def settle(
    draft: Draft,
    key: str,
    what: str,
    candidates: Iterable[Candidate],
    trouble_with: Callable[[Candidate], str],
    *,
    example: str,
    otherwise: str,
) -> None:
    """Take the first route that does what it should, and note what came of it.

    Args:
        draft: the names; they get the route.
        key: what the route is called there, such as `update`.
        what: what is looked for, in words.
        candidates: what it may be.
        trouble_with: tries a candidate, and tells what went wrong; nothing if it works.
        example: what may be written in the TOML file.
        otherwise: what to say where there is no candidate at all.
    """
    if draft.is_written(f"routes.{key}"):
        return
    told = ""
    for one in candidates:
        before = draft.names
        draft.put_all({f"routes.{key}": one.route, f"pages.{key}": one.page})
        if one.also is not None:
            draft.put(f"also.{key}", one.also)
        try:
            trouble = trouble_with(one)
        except NotTried as reason:
            trouble = str(reason)
        if not trouble:
            draft.note(what, one.said or one.route, f"routes.{key}", example)
            return
        told = told or trouble
        draft.target.call_it(before)
    draft.note(what, "", f"routes.{key}", example, told or otherwise)
