"""The lines that the reader writes in part 4. Each check works without the lesson's database."""

import uuid
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from bson import ObjectId
from mongomock import MongoClient

from flasklogin_tutorial.app.models import hash_secret, new_secret
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.lines.line import line

Names = Mapping[str, Any]


# ---- 17


@line(
    "17a",
    "Let the link of a mail lead home",
    idea="What stands in a mail comes from the settings. Whoever sends a request writes its host.",
    name="link_to",
    solution="""
def link_to(settings, token):
    return settings["PUBLIC_ADDRESS"] + "/reset?token=" + token
""",
    hints=(
        "Three strings, one behind the other. Which of them comes out of the settings?",
        'The first is `settings["PUBLIC_ADDRESS"]`, the second is the path with `?token=`.',
        'return settings["PUBLIC_ADDRESS"] + "/reset?token=" + token',
    ),
)
def _link_to(ask: Ask, names: Names) -> None:
    for address in ("https://app.example", "https://people.example.org/club"):
        token = new_secret()
        wanted = f"{address}/reset?token={token}"
        found = ask(
            {"PUBLIC_ADDRESS": address}, token, expected="an address that ends in the token"
        )
        hint = "The address of the app, then /reset, then ?token= and the token."
        if found is None:
            hint = "Nothing came back. Is `return` there?"
        elif not str(found).startswith(address):
            hint = 'The address of this app stands in `settings["PUBLIC_ADDRESS"]`.'
        elif not str(found).endswith(token):
            hint = "Without the token the page knows no link: it stands at the end."
        called = f"link_to(settings, token), where PUBLIC_ADDRESS is {address}"
        ask.must(found == wanted, called, f"{found!r:.80}", f"{wanted!r:.80}", hint)


@line(
    "17b",
    "Ask a link what it is for, and whether its time is over",
    idea="A record knows what a signature cannot say: what this is for, and until when.",
    name="is_good",
    solution="""
def is_good(record, token, purpose, now):
    known = record.token_hash == hash_secret(token)
    return known and record.purpose == purpose and record.until > now
""",
    hints=(
        "Two more conditions, joined by `and`. Each of them is about one thing that the record "
        "keeps.",
        "The record's `purpose` has to be the one that is asked for. And `until` has to be later "
        "than `now`.",
        "return known and record.purpose == purpose and record.until > now",
    ),
)
def _is_good(ask: Ask, names: Names) -> None:
    token, other = new_secret(), new_secret()
    for kept, sent, purpose, now, expected, said, hint in (
        (
            "reset",
            token,
            "reset",
            1,
            True,
            "all of it fits",
            "It is for a reset, and `until` is after `now`.",
        ),
        (
            "confirm",
            token,
            "confirm",
            1,
            True,
            "it is to confirm",
            "Both purposes are to be asked.",
        ),
        ("confirm", token, "reset", 1, False, "it is to confirm", "What is this record for?"),
        ("reset", token, "confirm", 1, False, "it is for a reset", "What is this record for?"),
        ("reset", token, "reset", 3, False, "its time is over", "`until` has to be after `now`."),
        ("reset", token, "reset", 2, False, "its time ends now", "At its last moment it is over."),
        ("reset", other, "reset", 1, False, "the token is another", "Leave `known` in front."),
    ):
        record = SimpleNamespace(token_hash=hash_secret(token), purpose=kept, until=2)
        found = ask(record, sent, purpose, now, expected=f"{expected}: {said}")
        ask.must(
            found is not None and bool(found) == expected,
            f"is_good(record, token, {purpose!r}, now), where {said}",
            "None" if found is None else f"{bool(found)}",
            f"{expected}",
            hint if found is not None else "Nothing came back. Is `return` there?",
        )


class _Contested:
    """A collection in which somebody else deletes what was looked at, before anything follows.

    Args:
        collection: the collection.

    Attributes:
        looked: whether it was looked at.
    """

    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self.looked = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._collection, name)
        if not name.startswith(("find", "count")) or "_and_" in name:
            return found

        def look(*given: Any, **named: Any) -> Any:
            seen = found(*given, **named)
            seen = iter(list(seen)) if name == "find" else seen
            self._collection.delete_many({})
            self.looked = True
            return seen

        return look


@line(
    "17c",
    "Let one of two use a link up",
    idea="Deleting says whether there was something to delete: to look and to take are one step.",
    name="spend",
    solution="""
def spend(links, number):
    return links.delete_one({"_id": number}).deleted_count == 1
""",
    hints=(
        "Do not look first. What does `delete_one` give back, and what does that know?",
        "Its `deleted_count` is 1 for whoever deleted the document, and 0 for whoever came later.",
        'return links.delete_one({"_id": number}).deleted_count == 1',
    ),
)
def _spend(ask: Ask, names: Names) -> None:
    links: Any = MongoClient()["flasklogin_lines"][f"links_{uuid.uuid4().hex}"]
    try:
        links.insert_many([{"_id": number} for number in (7, 8, 9)])
        for number, wanted, said, hint in (
            (8, True, "the link is there", "This call deleted it, so it is the one."),
            (8, False, "it was used before", "There was nothing left to delete: who used it?"),
            (5, False, "there was never such a link", "Nothing was deleted."),
        ):
            _must_say(ask, links, number, wanted, said, hint)
            left = sorted(one["_id"] for one in links.find())
            ask.must(
                left == [7, 9],
                f"spend(links, {number}), where {said}",
                f"of the links 7, 8 and 9 these are left: {left}",
                "[7, 9]: the link 8 was used",
                "Delete this link, and no other: the filter is the id.",
            )
        contested = _Contested(links)
        found = ask(contested, 9, expected="True or False")
        ask.must(
            not (contested.looked and found),
            "spend(links, 9), where somebody else uses the link right after a look at it",
            f"{found!r:.40}",
            "False",
            "Between a look and what follows it somebody else may come. Do not look: delete, and "
            "ask what the deletion says.",
        )
    finally:
        links.drop()


def _must_say(ask: Ask, links: Any, number: int, wanted: bool, said: str, hint: str) -> None:
    found = ask(links, number, expected=f"{wanted}: {said}")
    if found is None:
        hint = "Nothing came back. Is `return` there?"
    elif not isinstance(found, bool | int):
        hint = "This is what the deletion gives back. Its `deleted_count` is the number."
    ask.must(
        isinstance(found, bool | int) and bool(found) is wanted,
        f"spend(links, {number}), where {said}",
        f"{found!r:.60}",
        f"{wanted}",
        hint,
    )


# ---- 17b


@line(
    "17d",
    "Let an address count when its user has asked for it",
    idea="The link shows that somebody reads the mail, and the login shows who it is. "
    "Neither is enough.",
    name="may_confirm",
    solution="""
def may_confirm(link, user, lately):
    return link.user == user.id and lately
""",
    hints=(
        "Two conditions, joined by `and`. One is about who is logged in, the other about when.",
        "`link.user` is an id, and so is `user.id`: compare the two. `lately` is True or False.",
        "return link.user == user.id and lately",
    ),
)
def _may_confirm(ask: Ask, names: Names) -> None:
    ada, grace = ObjectId(), ObjectId()
    for who, lately, wanted, said, hint in (
        (
            ada,
            True,
            True,
            "the user who asked is logged in, and typed the password lately",
            "`link.user` is an id: compare it with an id.",
        ),
        (grace, True, False, "somebody else is logged in", "Whose is the link? Compare the ids."),
        (ada, False, False, "the user typed the password days ago", "It may be an open browser."),
        (grace, False, False, "somebody else is logged in, for days", "Neither of the two holds."),
    ):
        link, user = SimpleNamespace(user=ada), SimpleNamespace(id=who)
        found = ask(link, user, lately, expected=f"{wanted}: {said}")
        called = f"may_confirm(link, user, {lately}), where {said}"
        ask.must_be(called, found, wanted, hint)
