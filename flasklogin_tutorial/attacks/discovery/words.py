"""What the names of fields and paths mean: which field takes the password, which path deletes."""

import re
from dataclasses import dataclass

from flasklogin_tutorial.attacks.discovery.page import Control, PageForm

#: What a field takes, and what it is called; the first that fits counts.
_MEANINGS: tuple[tuple[str, str], ...] = (
    ("csrf", r"csrf|xsrf|authenticity|^_?token$"),
    ("remember", r"remember|keep|stay|persist|permanent"),
    ("next", r"^next$|redirect|return_?to"),
    (
        "current",
        r"\b_?(old|current|present|existing)_?.*(pass|pwd|pw)|(pass|pwd|pw)\w*_(old|current)",
    ),
    ("password", r"pass|pwd|^pw\d?$|_pw$|^pw_|secret"),
    ("email", r"mail"),
    ("first", r"first|given|^fname|forename"),
    ("last", r"last.?name|surname|family|^lname"),
    ("full", r"full.?name|real.?name|display"),
    ("phone", r"phone|mobile|^tel"),
    ("name", r"user|login|nick|handle|^name$|^uid$|account|identi|member"),
    ("url", r"url|website|homepage"),
    ("date", r"birth|date|^dob"),
    ("number", r"age$|count|number|zip|postal"),
)

#: What people do by a path or a button, and what it is called.
_DEEDS: tuple[tuple[str, str], ...] = (
    ("end_others", r"everywhere|(all|other)\W*(session|device|login)|(log|sign)\W*out\W*all"),
    ("logout", r"(log|sign)\W*(out|off)"),
    ("make_token", r"token|api\W*key"),
    ("reset", r"forg[eo]t|reset|recover|confirm|verify|unlock|resend"),
    ("create", r"regist|sign\W*up|join|(create|new|add)\W*(account|user)"),
    ("delete", r"delet|remove|close\W*account|destroy|deactivate|unregister"),
    ("login", r"(log|sign)\W*(in|on)\b|auth\b|session"),
    ("update", r"pass|profile|account|setting|edit|me\b|user"),
)


def meaning(control: Control) -> str:
    """Return what a field takes, such as `password`; empty if that is not known."""
    if control.kind == "password":
        return "current" if _means(control, "current") else "password"
    if control.kind == "email":
        return "email"
    for name in (control.name, control.words):
        for meant, pattern in _MEANINGS:
            if name and re.search(pattern, _plain(name)):
                return meant
    return ""


def means(name: str) -> str:
    """Return what a field of this name takes; empty if that is not known."""
    return meaning(Control(name))


def _means(control: Control, meant: str) -> bool:
    pattern = dict(_MEANINGS)[meant]
    return any(re.search(pattern, _plain(text)) for text in (control.name, control.words))


def _plain(name: str) -> str:
    """Return a name in small letters, with blanks where it had capitals or signs."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip()


def deed(*words: str) -> str:
    """Return what a path, a view's name or a button is for, such as `logout`; empty if unknown."""
    for text in words:
        for meant, pattern in _DEEDS:
            if re.search(pattern, _plain(text).replace("_", " ").replace("-", " ")):
                return meant
    return ""


def is_for(wanted: str, *words: str) -> bool:
    """Tell whether a path, a view's name or a button is called as things are that do this."""
    pattern = dict(_DEEDS)[wanted]
    return any(re.search(pattern, _plain(text).replace("_", " ")) for text in words)


@dataclass(frozen=True)
class Reading:
    """What the fields of a form take.

    Attributes:
        name: the field for the name; empty if there is none.
        email: the field for the e-mail address.
        password: the field for the password, a new one where there are several.
        current: the field for the password of before.
        also: what the other fields are filled with.
    """

    name: str
    email: str
    password: str
    current: str
    also: dict[str, str]


#: What is filled in where a field takes this.
_FILLED = {
    "name": "{mailbox}",
    "email": "{email}",
    "password": "{password}",
    "current": "{current_password}",
    "first": "Ada",
    "last": "Lovelace",
    "full": "Ada Lovelace",
    "phone": "{digits}",
    "url": "https://example.org/",
    "date": "1990-12-10",
    "number": "30",
}

_BY_KIND = {"date": "1990-12-10", "number": "30", "url": "https://example.org/", "tel": "{digits}"}


def read_form(form: PageForm) -> Reading:
    """Tell what the fields of a form take, and what to fill in.

    The first field that takes a password, a name or an address is the one; what comes after it is
    the same again, as a password that has to be typed twice.
    """
    firsts = {"name": "", "email": "", "password": "", "current": ""}
    also: dict[str, str] = {}
    # A name that comes before the password is not the name of a file or of a city.
    for control in form.controls:
        meant = meaning(control)
        if not control.is_typed or meant in ("csrf", "next", "remember"):
            continue
        if meant in firsts and not firsts[meant]:
            firsts[meant] = control.name
        elif meant in _FILLED:
            also[control.name] = _FILLED[meant]
        elif control.kind in ("checkbox", "radio"):
            if control.required or re.search(r"terms|agree|accept|tos|consent", control.name):
                also[control.name] = control.value or "y"
        elif control.kind == "select":
            also[control.name] = next((one for one in control.options if one), "")
        elif control.kind in _BY_KIND:
            also[control.name] = _BY_KIND[control.kind]
        elif not control.value:
            also[control.name] = "Ada"
    return Reading(**firsts, also=also)
