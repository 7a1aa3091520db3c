"""A picture of a page, as a person sees it in a browser; no browser is needed to make it.

It is an SVG image with the page and its styles in it. A browser runs no script in an image, follows
no link and sends no form.
"""

from html import escape
from html.parser import HTMLParser
from urllib.parse import quote

from requests import Session

from flasklogin_tutorial.lab.pages import PAGE
from flasklogin_tutorial.show import wrap

#: Elements that have no end.
_EMPTY = {"br", "hr", "img", "input", "link", "meta", "wbr"}

#: What shows how a thing looks; an address or a token shows nothing.
_KEPT = ("id", "class", "type", "value", "checked", "hidden", "aria-current", "aria-invalid")

#: What is told of a page to those who do not see the picture.
_TOLD = {"h1", "h2", "label", "button"}

#: Around the body is the colour of the page; the finished app has it in a variable.
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
    "<style>svg {{ background: var(--paper, Canvas) }}\n{styles}\n"
    "body {{ min-height: 100vh; box-sizing: border-box }}</style>"
    '<foreignObject width="100%" height="100%">'
    '<body xmlns="http://www.w3.org/1999/xhtml">{body}</body></foreignObject></svg>'
)

#: As a browser does with `#devices` behind an address: it begins with the part of that name.
_FROM = 'body :has(~ [id="{name}"]), body :has(~ * [id="{name}"]) {{ display: none }}'

#: Of the window in the picture, in pixels.
_WIDTH = 720


class Picture:
    """What a window shows of a page; shows itself as an image, elsewhere as the words on it.

    Attributes:
        title: the page's title.
        words: the headings, labels and buttons, in order.
        svg: the image.
    """

    def __init__(self, page: "_Page", styles: str, height: int) -> None:
        self.title, self.words = page.title, page.words
        self.svg = _SVG.format(
            width=_WIDTH, height=height, styles=escape(styles, quote=False), body=page.body
        )

    def __repr__(self) -> str:
        return "\n".join([self.title, *wrap(" · ".join(self.words), first="  ", rest="  ")])

    def _repr_html_(self) -> str:
        address = "data:image/svg+xml;charset=utf-8," + quote(self.svg, safe=" /:;,=()")
        alt = f"The page “{self.title}”. On it: {', '.join(self.words)}."
        look = "max-width:100%;border:1px solid rgba(127,127,127,.5)"
        return f'<img alt="{escape(alt)}" style="{look}" src="{address}">'


def show_page(browser: Session, path: str, height: int = 480) -> Picture:
    """Open a page and draw it.

    Args:
        browser: whose browser it is.
        path: the path of the page. `/account#devices` begins with the part of that name.
        height: of the window, in pixels. What is further down is not in the picture.

    Returns:
        The picture.
    """
    address, _, part = path.partition("#")
    page = _Page(browser.get(address, headers=PAGE).text, part)
    styles = [browser.get(style).text for style in page.styles]
    styles += [_FROM.format(name=part)] if part else []
    return Picture(page, "\n".join(styles), height)


class _Page(HTMLParser):
    """Reads a page and writes its body as XML, which is what an SVG image is made of."""

    def __init__(self, text: str, part: str) -> None:
        super().__init__()
        self._part = part
        self.title, self.styles = "", list[str]()
        self._written, self._open, self._words = list[str](), list[str](), list[list[str]]()
        self.feed(text)
        self.close()
        for _ in self._open[:]:
            self._end()

    @property
    def body(self) -> str:
        """The body in XML."""
        return "".join(self._written)

    @property
    def words(self) -> list[str]:
        """What its headings, labels and buttons say."""
        return [" ".join("".join(texts).split()) for texts in self._words]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") == "stylesheet" and given.get("href"):
            self.styles.append(given["href"] or "")
        if tag in ("html", "body", "link", "meta") or given.get("type") == "hidden":
            return
        if self._part and given.get("id") == self._part:
            self._words.clear()
        if tag in _TOLD:
            self._words.append([])
        kept = "".join(f' {name}="{escape(given[name] or "")}"' for name in _KEPT if name in given)
        kept += ' href="#"' if "href" in given else ""
        if self._is_shown(tag):
            self._written.append(f"<{tag}{kept}{'/' if tag in _EMPTY else ''}>")
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open:
            if self._end() == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["title"]:
            self.title += data
        if _TOLD & set(self._open):
            self._words[-1].append(data)
        if self._is_shown(""):
            self._written.append(escape(data, quote=False))

    def _is_shown(self, tag: str) -> bool:
        return not {"head", "title", "style", "script", "template"} & {*self._open, tag}

    def _end(self) -> str:
        tag = self._open.pop()
        if self._is_shown(tag):
            self._written.append(f"</{tag}>")
        return tag
