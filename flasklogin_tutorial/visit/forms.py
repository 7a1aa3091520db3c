"""The forms of a page, read as a browser reads them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form on a page.

    Attributes:
        action: where it is sent; empty for the page itself.
        inputs: names and values of its fields, as the page gives them.
        enctype: the content type that it asks for; empty for the usual one.
    """

    action: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    enctype: str = ""


def read_forms(page: str) -> list[Form]:
    """Return the forms of an HTML page."""
    reader = _FormReader()
    reader.feed(page)
    return reader.forms


def find_form(page: str, name: str) -> Form | None:
    """Return the first form of an HTML page that has a field.

    Args:
        page: the page.
        name: the name of the field, such as `"password"`.

    Returns:
        The form; None if no form has such a field.
    """
    return next((form for form in read_forms(page) if name in form.inputs), None)


def read_token(page: str, name: str = "csrf_token") -> dict[str, str]:
    """Return the token that a page puts into its forms, as a part of what is sent with one.

    Args:
        page: the page.
        name: the name of the field that holds the token.

    Returns:
        The name and the token; nothing if no form has one.
    """
    form = find_form(page, name)
    return {name: form.inputs[name]} if form is not None else {}


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            enctype = given.get("enctype", "").lower()
            self.forms.append(Form(given.get("action", ""), enctype=enctype))
        elif tag == "input" and self.forms and given.get("name") and not _is_box(given):
            self.forms[-1].inputs[given["name"]] = given.get("value", "")
        elif tag == "button" and self.forms and given.get("name") and _sends(given):
            # Who presses the first button sends its value, and no other button's.
            self.forms[-1].inputs.setdefault(given["name"], given.get("value", ""))


def _sends(given: dict[str, str]) -> bool:
    """Tell whether a button sends its form."""
    return given.get("type", "submit") == "submit"


def _is_box(given: dict[str, str]) -> bool:
    """Tell whether an input is a box to tick; what is not ticked is not sent."""
    return given.get("type") in ("checkbox", "radio")
