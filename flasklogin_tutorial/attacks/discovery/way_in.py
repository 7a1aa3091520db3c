"""What was found of the way into an app, as a page for people and as a TOML file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from flasklogin_tutorial.attacks.discovery.draft import Finding
from flasklogin_tutorial.attacks.names import Names
from flasklogin_tutorial.show import wrap

#: What the keys of the TOML file are, where their names do not say it.
_COMMENTS = {
    "send": 'how logins and records are sent: "form" or "json"',
    "routes": "a verb and a path; {name} or {id} stands for a user; an empty text: there is none",
    "routes.login": "takes a name and a password",
    "routes.login_page": "the page with the form of the login",
    "routes.whoami": "a page that a user sees and a stranger does not",
    "routes.read": "shows one record to anyone",
    "routes.create": "makes a record: the registration",
    "routes.update": "changes a user's own password",
    "routes.delete": "removes a user",
    "routes.account": "the page with the user's own buttons",
    "routes.end_others": "ends all other logins of whoever calls it",
    "routes.make_token": "makes an API token, and shows it",
    "routes.forgot": "mails a link to whoever has forgotten their password",
    "routes.login_code": "takes a code of the second factor, after the name and the password",
    "routes.factor_page": "the page with the buttons of the second factor",
    "routes.new_factor": "shows a seed for a second factor",
    "routes.begin_factor": "takes the first code",
    "routes.passkey_page": "asks for a passkey",
    "routes.passkey_login": "takes what the passkey answers",
    "routes.new_passkey_page": "asks whoever is logged in for a new passkey",
    "routes.new_passkey": "takes what comes of that",
    "pages": "the pages on which the forms of these routes stand",
    "fields": "what the fields are called",
    "fields.name": "in a record; the next two as well",
    "forms.csrf_page": "where a logged-in user finds the token",
    "forms.first_page": "sets a cookie without which no login is taken",
    "users": "how users are made: by a function, a command, the registration, or their class",
    "users.make": "module:function, called with (app, name, email, password, admin)",
    "users.disable": "module:function, called with (app, name)",
    "users.letters": "module:function, called with (app); the mails, each as (to, text)",
    "users.model": "module:Class",
    "users.named": 'what the login takes for a name: "name" or "email"',
    "users.registered_by": '"anyone", or "strangers" where users are sent away',
    "cookies": "empty: what the app's configuration says",
}


@dataclass
class WayIn:
    """What was found of an app.

    Attributes:
        names: what it calls its routes and fields.
        findings: what was looked for, and what came of it; none where nothing was looked for.
        trouble: why nobody can be logged in; empty if somebody can.
    """

    names: Names
    findings: list[Finding] = field(default_factory=list)
    trouble: str = ""

    def as_page(self, width: int = 100) -> str:
        """Return what was found, a line for each thing, with the key that says otherwise.

        Args:
            width: characters of a line.

        Returns:
            The lines; none where nothing was looked for.
        """
        lines = []
        for one in self.findings:
            said = one.said or "nothing found"
            if one.cause:
                said += f": {one.cause.rstrip('.')}"
            how = f"(otherwise: {one.key})" if one.said else f"Write {one.key} = {one.example}"
            text = f"{one.what}: {said} {how}" if one.said else f"{one.what}: {said}. {how}"
            first, *more = wrap(text, width, whole_words=True)
            lines += [first, *(f"    {text}" for text in more)]
        if not lines:
            return ""
        return "\n".join(["What was found of the app:", *lines, ""])

    def as_toml(self) -> str:
        """Return the names as a TOML file, with comments: ready to be corrected."""
        return "\n".join(_document(self.names)) + "\n"


def _document(names: Names) -> Iterator[str]:
    yield "# What an app calls its routes and fields, for the attacks: --config reads it."
    yield "# A key that is left out is searched for; what stands here is taken as it is."
    yield ""
    yield f"# {_COMMENTS['send']}"
    yield f"send = {json.dumps(names.send)}"
    for table in ("routes", "pages", "fields", "forms", "users", "cookies"):
        yield ""
        if table in _COMMENTS:
            yield f"# {_COMMENTS[table]}"
        yield f"[{table}]"
        content = getattr(names, table)
        for one in fields(content):
            comment = _COMMENTS.get(f"{table}.{one.name}")
            written = f"{one.name} = {json.dumps(getattr(content, one.name), ensure_ascii=False)}"
            yield f"{written}  # {comment}" if comment else written
    for route, more in names.also.items():
        if more:
            yield ""
            yield f"# what {route} is sent besides; {{password}} and the like are filled in"
            yield f"[also.{route}]"
            for key, value in more.items():
                yield f"{json.dumps(key)} = {json.dumps(value, ensure_ascii=False)}"
