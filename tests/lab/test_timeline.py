"""The picture of who is let in and when: every mark is an answer, and both forms say the same."""

import re
from html import unescape

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import add_user, copy_cookies, later, log_in, new_app, serve
from flasklogin_tutorial.lab.timeline import MOMENTS, Timeline, follow_copies
from flasklogin_tutorial.steps.variants import VARIANTS

PASSWORD = "four words are enough"
FINISHED = {"TESTING": True, "SECRET_KEY": "for these tests"}


@pytest.fixture
def app():
    app = new_app(VARIANTS["remember-me"].create_app)
    add_user(app, "ada", PASSWORD)
    return app


@pytest.fixture
def drawn():
    picture = Timeline("Ada & a thief")
    picture.seen = {
        ("cookie", "old"): {"login": True, "logout": True, "+1 day": False},
        ("copy", "old"): {"login": True, "+1 day": True},
        ("cookie", "new"): {"login": True, "logout": False, "+1 day": True},
    }
    return picture


def test_a_mark_is_what_the_app_answers(app):
    picture = Timeline("who is in")
    with log_in(app, "ada", PASSWORD) as ada, serve(app) as stranger:
        browsers = {"ada": ada, "stranger": stranger}
        picture.look("login", "app", browsers)
        ada.post("/logout")
        picture.look("logout", "app", browsers)
    assert picture.events == ["login", "logout"]
    assert picture.rows == [("ada", "app", [True, False]), ("stranger", "app", [False, False])]


def test_a_refusal_by_status_is_a_mark_too():
    app = new_app(create_app, FINISHED)
    picture = Timeline("who is in")
    with serve(app) as stranger:
        picture.look("login", "finished", {"stranger": stranger})
    assert picture.rows == [("stranger", "finished", [False])]


def test_an_app_that_says_neither_yes_nor_no_is_no_mark(app):
    app.view_functions["user_info"] = lambda: ("", 503)
    picture = Timeline("who is in")
    with serve(app) as ada, pytest.raises(ValueError, match="answered with 503"):
        picture.look("login", "app", {"ada": ada})
    assert picture.rows == []


def test_looking_gives_a_browser_no_cookie_that_it_did_not_have(app):
    ada = log_in(app, "ada", PASSWORD, remember=True)
    with ada, copy_cookies(app, ada, "remember_token") as thief:
        Timeline("who is in").look("login", "app", {"thief": thief})
        assert thief.cookies.keys() == ["remember_token"]
        assert thief.post("/user_info").ok
        assert sorted(thief.cookies.keys()) == ["remember_token", "session"]


def test_a_life_is_followed_through_deeds_and_moments(app):
    with log_in(app, "ada", PASSWORD, remember=True) as ada:
        ada.cookies.clear_session_cookies()
        with copy_cookies(app, ada) as thief:
            browsers = {"owner": ada, "thief": thief}
            picture = Timeline("a logout")
            picture.follow("app", browsers, {"logout": lambda b: b["owner"].post("/logout")})
    assert picture.events == ["login", "logout", *MOMENTS]
    assert picture.rows[0][2] == [True] + [False] * (len(MOMENTS) + 1)
    assert picture.rows[1][2] == [True] * (len(MOMENTS) + 2)


def test_moments_are_seen_by_the_app_as_they_are_called(app):
    seen = {}
    with log_in(app, "ada", PASSWORD) as ada:
        for moment, span in MOMENTS.items():
            with later(**span):
                seen[moment] = "name" in ada.post("/user_info").json()["data"]
        picture = Timeline("nothing")
        picture.follow("app", {"ada": ada}, {})
    assert picture.seen["ada", "app"] == {"login": True} | seen
    assert set(seen.values()) == {True, False}


def test_copies_are_followed_in_each_app_beside_the_cookies_that_they_were_made_of():
    apps = {
        "article": (VARIANTS["remember-me"].create_app, None),
        "finished": (create_app, FINISHED),
    }
    picture = follow_copies(
        "a logout at home",
        apps,
        logout=lambda browsers: browsers["remember cookie"].post("/logout"),
    )
    credentials = ["session cookie", "remember cookie"]
    credentials += [f"copied {one}" for one in credentials]
    assert [row[:2] for row in picture.rows] == [(one, app) for one in credentials for app in apps]
    assert picture.events == ["login", "logout", *MOMENTS]
    after_logout = {key: seen["logout"] for key, seen in picture.seen.items()}
    ended = {("remember cookie", app) for app in apps} | {("copied remember cookie", "finished")}
    assert {key for key, accepted in after_logout.items() if not accepted} == ended
    assert all(seen["login"] for seen in picture.seen.values())


def test_a_picture_is_text_where_there_is_no_page(drawn):
    assert repr(drawn) == "\n".join(
        [
            "Ada & a thief",
            "",
            "               login   logout   +1 day",
            "cookie   old   ●━━━━━━━●        ○",
            "         new   ●       ○        ●",
            "copy     old   ●                ●",
            "",
            "● logged in   ○ not",
        ]
    )


def test_a_page_says_in_words_what_its_colours_say(drawn):
    page = drawn._repr_html_()
    cells = re.findall(r'<td style="text-align:center;background:([^"]+)">([^<]+)</td>', page)
    colours = {text: {colour for colour, other in cells if other == text} for _, text in cells}
    marks = ["in", "in", "out", "in", "out", "in", "in", "in"]
    assert [text.split()[1] for _, text in cells] == marks
    assert colours == {"● in": {"rgba(46,160,67,.25)"}, "○ out": {"transparent"}}


def test_a_page_has_heads_for_its_rows_and_columns_and_a_caption(drawn):
    page = drawn._repr_html_()
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)<', page) == [
        "credential",
        "app",
        "login",
        "logout",
        "+1 day",
    ]
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)<', page) == ["cookie", "cookie", "copy"]
    assert "Ada &amp; a thief" in page
    assert unescape(re.search(r"<caption[^>]*>(.*)</caption>", page)[1]).startswith("Ada & a thief")


def test_a_picture_of_nothing_is_no_error():
    picture = Timeline("nothing yet")
    assert "nothing yet" in repr(picture) and "nothing yet" in picture._repr_html_()
