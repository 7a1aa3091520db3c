"""The two drawings of a trace: columns of text, and a diagram."""

import html
import re

import pytest

from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.lab.recorder import Lane
from flasklogin_tutorial.visit import in_process

from .traced import ADA, BOB, WIDEST, course_exchanges, forge

#: The lanes of an exchange in which nothing else takes part.
FOUR = [Lane.BROWSER, Lane.FLASK, Lane.LOGIN, Lane.MONGO]


def test_the_text_of_a_refusal_has_one_column_for_each_who_takes_part(app):
    drawn = repr(trace(in_process(app)).put("/", json=BOB, allow_redirects=False)).splitlines()
    columns = [drawn[0].index(lane.title) for lane in FOUR]
    assert columns == sorted(columns)
    assert drawn[1:] == [
        line.rstrip()
        for line in [
            "PUT /".ljust(columns[1] - 5) + " ──▶",
            '  {"name": "bob", "password": "builder", "email": "bob@example.org"}',
            "  no cookie",
            " " * columns[1]
            + "login_required".ljust(columns[2] - columns[1] - 5)
            + " ──▶ current_user",
            " " * columns[2] + "session: no _user_id",
            " " * columns[2] + "current_user is anonymous",
            " " * columns[2] + "redirect to /login?next=/",
            " " * (columns[2] - 5) + " ◀── ✗ refused",
            "302 Found".ljust(columns[1] - 5) + " ◀──",
            "  Location: /login?next=/",
            "  sets cookie session: _flashes=1 message",
        ]
    ]


@pytest.mark.parametrize("step", [f"step0{number}" for number in range(7)])
def test_no_drawing_of_the_course_is_wider_than_a_page(step_app, add_user, step):
    app = step_app(step)
    add_user(app, **ADA)
    for seen in course_exchanges(app, in_process(app)):
        assert max(map(len, repr(seen).splitlines())) <= WIDEST, repr(seen)


def test_both_drawings_say_all_that_happened_in_order(app):
    for seen in course_exchanges(app, in_process(app)):
        bundle = seen._repr_mimebundle_()
        labels = [
            html.unescape(re.sub(r"#(\d+);", r"&#\1;", line.partition(": ")[2])).split()
            for line in bundle["text/vnd.mermaid"].replace("<br/>", " ").splitlines()
            if re.match(r"  (Note over \w+|\w+-?->>\w+): ", line)
        ]
        assert labels == [event.text.split() for event in seen.events]
        for event in seen.events:
            assert event.text.split()[0] in bundle["text/plain"]


def test_a_trace_offers_a_diagram_and_a_text_and_nothing_that_hides_them(app):
    seen = trace(in_process(app)).get("/?name=ada")
    bundle = seen._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/vnd.mermaid", "text/plain"}
    assert bundle["text/plain"] == repr(seen)


def test_a_diagram_has_only_lines_that_mermaid_knows(app):
    for seen in course_exchanges(app, in_process(app)):
        assert_is_mermaid(seen._repr_mimebundle_()["text/vnd.mermaid"])


HOSTILE = "a;b#c<d>&e <br/> %% {x} end -->> Note: \"'`\\ é ✓"


@pytest.mark.parametrize(
    "text",
    [HOSTILE, "100 %", "%%{init: {}}%%", "line\nbreak", "tab\tand\rreturn", " ", "#35;", "&lt;"],
)
def test_nothing_that_is_sent_breaks_a_diagram(app, text):
    browser = in_process(app)
    for seen in (
        trace(browser).get("/", params={"name": text}),
        trace(browser).post("/login", json={"username": text, "password": text}),
        trace(browser).post("/login", data=text.encode()),
        trace(browser).post("/user_info", headers=forge(app, _user_id=text)),
    ):
        assert_is_mermaid(seen._repr_mimebundle_()["text/vnd.mermaid"])
        assert repr(seen).splitlines()[0].split() == [lane.title for lane in FOUR]


def assert_is_mermaid(source):
    """Read a sequence diagram by the few rules that the drawings keep to."""
    text = r"(?:[^;#<>&%]|%(?!%\{)|#\d+;|<br/>)*"  # %%{ begins a directive, wherever it stands
    lane = f"(?:{'|'.join(lane.name for lane in Lane)})"
    kinds = [
        rf"accTitle: {text}",
        rf"participant {lane} as [\w-]+",
        rf"Note over {lane}: {text}",
        rf"{lane}-?->>{lane}: {text}",
        r"rect rgba\([\d,.]+\)",
        "end",
    ]
    lines = source.splitlines()
    if lines[0].startswith("%%{init:"):
        del lines[0]
    assert lines[0] == "sequenceDiagram"
    open_boxes = 0
    for line in lines[1:]:
        assert re.fullmatch(f"  (?:{'|'.join(kinds)})", line), line
        open_boxes += line.startswith("  rect") - (line == "  end")
        assert open_boxes in (0, 1)
    assert open_boxes == 0


def test_a_diagram_frames_what_failed_and_nothing_else(app):
    seen = trace(in_process(app)).put("/", json=BOB)
    lines = seen._repr_mimebundle_()["text/vnd.mermaid"].splitlines()
    framed = [
        line.partition(": ")[2] for i, line in enumerate(lines) if lines[i - 1].startswith("  rect")
    ]
    assert framed == [event.text for event in seen.events if event.failed]


def test_a_long_error_is_cut_to_a_few_lines(club):
    @club.get("/boom")
    def boom():
        raise RuntimeError("no more fuel " * 100)

    drawn = repr(trace(in_process(club)).get("/boom"))
    assert "✗ RuntimeError: no" in drawn
    assert len(drawn.splitlines()) <= 15


def load_user_from_request(request):
    return None


def load_a_user_by_a_token_that_stands_in_one_of_the_headers(request):
    return None


@pytest.mark.parametrize(
    ("loader", "whole"),
    [
        (load_user_from_request, True),
        (load_a_user_by_a_token_that_stands_in_one_of_the_headers, False),
    ],
)
def test_a_name_is_not_broken_unless_it_is_far_longer_than_its_lane(app, loader, whole):
    app.login_manager.request_loader(loader)
    drawn = repr(trace(in_process(app)).post("/user_info"))
    assert (f"{loader.__name__}(request)" in drawn) == whole
    assert loader.__name__[:20] in drawn
    assert max(map(len, drawn.splitlines())) <= WIDEST
