"""An app answers and stores the same whether it is watched or not."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask_login import current_user

from flasklogin_tutorial.lab import serve, trace
from flasklogin_tutorial.steps.step06_logout_and_user_info import User
from flasklogin_tutorial.visit import in_process

from .traced import ADA, BOB, CALLS, EVE, PATIENCE, Member, inside, log_in, told


def test_an_app_answers_and_stores_the_same_whether_it_is_watched_or_not(visit, changed_step):
    answers, stored = [], []
    for watched in (False, True):
        app = changed_step("step06")()
        User.drop_collection()
        User(id="0123456789abcdef01234567", **ADA).save()
        browser = visit(app)
        answers.append([])
        for method, path, body in CALLS:
            sender = trace(browser) if watched else browser
            got = sender.request(method, path, json=body, allow_redirects=False)
            response = got.response if watched else got
            headers = [
                (name, value.partition(".")[0])  # a session cookie ends with the time
                for name, value in response.raw.headers.items()
                if name != "Date"
            ]
            answers[-1].append((response.status_code, headers, response.content))
        documents = [document.to_mongo().to_dict() for document in User.objects]
        stored.append([{k: v for k, v in d.items() if k != "_id"} for d in documents])
    assert answers[0] == answers[1]
    assert stored[0] == stored[1] == [ADA, EVE]


def test_watching_reads_no_session_so_that_no_vary_header_is_added(visit, step_app):
    browser = visit(step_app("step00", {"SECRET_KEY": "some key"}))
    assert "Vary" not in browser.get("/").headers
    assert "Vary" not in trace(browser).get("/").response.headers


def test_watching_does_not_run_into_the_errors_of_a_users_own_members(club):
    class Nameless(Member):
        @property
        def name(self):
            raise ValueError("no name")

        @name.setter
        def name(self, value):
            pass

    @club.login_manager.user_loader
    def load_nameless(user_id):
        return Nameless(user_id)

    @club.get("/me")
    def me():
        return current_user.id

    ada = in_process(club)
    ada.get("/login/ada")
    seen = trace(ada).get("/me")
    assert seen.response.text == ada.get("/me").text == "ada"
    assert "Flask-Login: load_nameless('ada')" in told(seen.events)


def test_watching_asks_a_users_members_no_more_often_than_the_app_does(club):
    asked = []

    class Telling(Member):
        """A user who tells when a member is read, as a learner tries it out."""

        @property
        def is_anonymous(self):
            asked.append("is_anonymous")
            return False

    @club.login_manager.user_loader
    def load_telling(user_id):
        return Telling(user_id)

    @club.get("/me")
    def me():
        return current_user.id

    ada = in_process(club)
    ada.get("/login/ada")
    trace(ada).get("/me")
    assert asked == []


@pytest.mark.parametrize("path", ["/me", "/boom", "/nowhere"])
def test_the_profile_function_of_the_thread_is_put_back(club, path):
    club.testing = True

    @club.get("/me")
    def me():
        return f"{current_user.is_authenticated}"

    @club.get("/boom")
    def boom():
        raise RuntimeError("no more fuel")

    def profile(*_):
        pass

    browser = in_process(club)
    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        trace(browser).get(path)
        after = sys.getprofile()
    finally:
        sys.setprofile(before)
    assert after is profile


def test_a_trace_that_fails_leaves_the_browser_unwatched(club):
    browser = in_process(club)
    with pytest.raises(ValueError, match="visits one app only"):
        trace(browser).get("http://example.org")
    assert browser.get("/nowhere").visit.seen is None


def test_only_the_traced_request_is_recorded(visit, club):
    ada, bob = visit(club), visit(club)
    assert trace(ada).get("/login/ada").response.visit.seen is not None
    assert ada.get("/login/ada").visit.seen is None
    assert bob.get("/login/bob").visit.seen is None


def test_what_another_browser_does_meanwhile_is_not_recorded(app, add_user):
    started, go_on = threading.Event(), threading.Event()

    @app.get("/slow")
    def slow():
        started.set()
        go_on.wait(PATIENCE)
        return "in the end"

    with serve(app) as ada, serve(app) as bob, ThreadPoolExecutor(1) as other_thread:
        slow_trace = other_thread.submit(trace(ada).get, "/slow")
        assert started.wait(PATIENCE)
        log_in(bob)
        go_on.set()
        assert inside(slow_trace.result(PATIENCE).events) == ["Flask: view slow"]


def test_two_traces_at_once_do_not_mix(app, add_user):
    people = [{**BOB, "name": f"visitor-{number}"} for number in range(4)]
    for person in people:
        add_user(app, **person)
    everyone_is_here = threading.Barrier(len(people), timeout=PATIENCE)

    @app.get("/meet/<name>")
    def meet(name):
        before = current_user.is_authenticated
        everyone_is_here.wait()
        User.objects(name=name).first()
        return f"{before}"

    def visit_and_trace(browser, person):
        seen = trace(browser).get(f"/meet/{person['name']}")
        return [line for line in inside(seen.events) if "name" in line or "gives" in line]

    browsers = [serve(app) for _ in people]
    try:
        for browser, person in zip(browsers, people, strict=True):
            log_in(browser, person)
        with ThreadPoolExecutor(len(people)) as threads:
            seen = list(threads.map(visit_and_trace, browsers, people))
    finally:
        for browser in browsers:
            browser.close()
    assert seen == [
        [
            f"Flask-Login: gives {person['name']}",
            f"Flask → MongoDB: user.find {{name: '{person['name']}'}}",
        ]
        for person in people
    ]
