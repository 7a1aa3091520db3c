"""What a result shows can be read on a light page and on a dark one: contrast AA of WCAG 2.2."""

import pytest

from flasklogin_tutorial.show import BAD, GOOD, NEITHER, NOTE, ON_NOTE

#: At least this much, for text of ordinary size: https://www.w3.org/TR/WCAG22/#contrast-minimum
AA = 4.5

#: Pages of JupyterLab's themes, of its exported pages and of the site: text on background. In a
#: table every second row has another one, and so has the row under the mouse.
PAGES = {
    "light": ("rgba(0,0,0,.87)", "#ffffff"),
    "light, second row": ("rgba(0,0,0,.87)", "#f5f5f5"),
    "light, under the mouse": ("rgba(0,0,0,.87)", "#e1f5fe"),
    "dark": ("#ffffff", "#111111"),
    "dark, second row": ("#ffffff", "#212121"),
    "dark, under the mouse": ("#ffffff", "#0e2f3e"),
    "the site, light": ("#323232", "#ffffff"),
    "the site, dark": ("#ced6dd", "#14181e"),
}


def parse(colour):
    """Return red, green and blue from 0 to 255, and the share of the colour."""
    if colour.startswith("#"):
        return [int(colour[at : at + 2], 16) for at in (1, 3, 5)], 1.0
    *rgb, share = colour.removeprefix("rgba(").removesuffix(")").split(",")
    return [int(one) for one in rgb], float(share)


def lay(colour, below):
    """Return what is seen where a half-transparent colour lies on another one."""
    (top, share), (ground, _) = parse(colour), parse(below)
    mixed = [share * one + (1 - share) * under for one, under in zip(top, ground, strict=True)]
    return "#" + "".join(f"{round(one):02x}" for one in mixed)


def luminance(colour):
    shares = [one / 255 for one in parse(colour)[0]]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(text, ground):
    """Return the contrast of a text on a whole colour, from 1 to 21."""
    low, high = sorted((luminance(lay(text, ground)), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground", "found"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#b8b6b6", "#474949", 4.49)],
)
def test_contrast_is_what_others_count(text, ground, found):
    assert contrast(text, ground) == pytest.approx(found, abs=0.01)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colour", [GOOD, BAD, NEITHER])
def test_a_text_on_a_colour_can_be_read(colour, page):
    text, ground = PAGES[page]
    assert contrast(text, lay(colour, ground)) >= AA


def test_a_note_in_a_diagram_can_be_read():
    assert contrast(ON_NOTE, NOTE) >= AA


@pytest.mark.parametrize(
    ("text", "ground"), [("#333333", "#ffffff"), ("#cccccc", "#111111"), ("#d3d3d3", "#111111")]
)
def test_a_line_of_a_diagram_that_failed_can_be_read(text, ground):
    """The texts are those of Mermaid's two themes."""
    assert contrast(text, lay(BAD, ground)) >= AA
