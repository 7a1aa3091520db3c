"""A page as its visitor sees it: its forms, with all that stands in them, and its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Kinds of input that nobody types into.
_BUTTONS = ("submit", "image", "button", "reset")


@dataclass
class Control:
    """Something in a form that has a name.

    Attributes:
        name: the name under which its value is sent.
        kind: the type of an input, or `textarea`, `select`, `button`.
        value: its value as the page gives it.
        words: what is written at it: its id, its label, its placeholder.
        required: whether the page says that it has to be filled in.
        options: the values that a `select` offers.
    """

    name: str
    kind: str = "text"
    value: str = ""
    words: str = ""
    required: bool = False
    options: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        """Whether a person types or chooses its value."""
        return self.kind not in (*_BUTTONS, "hidden")


@dataclass
class PageForm:
    """A form on a page.

    Attributes:
        action: where it is sent; empty for the page itself.
        method: the verb, in capitals.
        controls: what stands in it.
        words: what is written in it.
    """

    action: str = ""
    method: str = "GET"
    controls: list[Control] = field(default_factory=list)
    words: str = ""

    def of_kind(self, *kinds: str) -> list[Control]:
        """Return the controls of some kinds."""
        return [one for one in self.controls if one.kind in kinds]

    @property
    def typed(self) -> list[Control]:
        """The controls that a person fills in."""
        return [one for one in self.controls if one.is_typed]


@dataclass
class Page:
    """What stands on a page.

    Attributes:
        forms: its forms.
        links: the addresses that it leads to, and what is written on each link.
    """

    forms: list[PageForm] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


def read_page(text: str) -> Page:
    """Return the forms and links of an HTML page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._form: PageForm | None = None
        self._select: Control | None = None
        self._link = ""
        self._labels: dict[str, str] = {}
        self._label_for = ""
        self._by_id: dict[str, Control] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").upper()
            self._form = PageForm(given.get("action", ""), method)
            self.page.forms.append(self._form)
        elif tag == "a" and given.get("href"):
            self._link = given["href"]
            self.page.links.setdefault(self._link, "")
        elif tag == "label":
            self._label_for = given.get("for", "")
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))
        elif tag in ("input", "textarea", "select", "button") and self._form is not None:
            self._add_control(tag, given)

    def _add_control(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text" if tag == "input" else tag).lower()
        if tag == "button" and kind == "button":
            kind = given.get("type", "submit").lower()
        words = " ".join(given.get(key, "") for key in ("id", "placeholder", "aria-label", "title"))
        control = Control(
            given.get("name", ""), kind, given.get("value", ""), words, "required" in given
        )
        assert self._form is not None
        if kind in _BUTTONS:
            self._form.words += f" {given.get('value', '')}"
        if given.get("id"):
            self._by_id[given["id"]] = control
            control.words += f" {self._labels.get(given['id'], '')}"
        if control.name:
            self._form.controls.append(control)
        if tag == "select":
            self._select = control

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "a":
            self._link = ""
        elif tag == "label":
            self._label_for = ""
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        said = " ".join(data.split())
        if not said:
            return
        if self._link:
            self.page.links[self._link] += f" {said}"
        if self._label_for:
            self._labels[self._label_for] = said
            if self._label_for in self._by_id:
                self._by_id[self._label_for].words += f" {said}"
        if self._form is not None:
            self._form.words += f" {said}"
