"""The attacks: each gets in on the article's app, and each fails on an app that is mended."""

import re
from urllib.parse import urlunsplit

import mongoengine
import pymongo
import pytest
from flask import Flask, request
from flask_login import fresh_login_required

from flasklogin_tutorial.attacks import (
    ATTACKS,
    NOTEBOOKS,
    Attack,
    MightBeReal,
    Names,
    NotTried,
    Report,
    Target,
    Verdict,
    read_names,
    run_attacks,
    sources,
    try_attack,
    web,
)
from flasklogin_tutorial.attacks.cross_site import NEXT_FORMS
from flasklogin_tutorial.attacks.storage import is_disposable, stored_texts
from flasklogin_tutorial.attacks.variants import VARIANTS
from flasklogin_tutorial.lab import new_app, serve
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit.client import NotAFlaskApp

from .apps import crashing, hardened
from .apps.mended import FIXES, create_mended

BY_NAME = {one.name: one for one in ATTACKS}
ON_STEP06 = [one for one in ATTACKS if not one.needs]

#: What the hardened app cannot be asked: it has no second cookie, and no tie to an address.
NOT_ON_HARDENED = {
    "old-login-changes-password": "One cookie is session and memory",
    "session-protection-spoofed": "does not tie a session to an address",
}

each_attack = pytest.mark.parametrize("one", ATTACKS, ids=lambda one: one.name)


def fresh(create_app):
    """Return an app on an empty database."""
    for database in (step06.db, hardened.db):
        database.config = None  # flask-mongoengine reads the settings of the first app only
    return new_app(create_app)


def attacked_app(one):
    """Return the app that an attack succeeds on."""
    return fresh(VARIANTS[one.needs].create_app if one.needs else step06.create_app)


# ---- the list


def test_there_are_enough_attacks():
    assert len(ATTACKS) >= 30


def test_names_are_unique_and_short():
    assert len(BY_NAME) == len(ATTACKS)
    assert all(re.fullmatch(r"[a-z0-9-]{5,32}", one.name) for one in ATTACKS)


def test_titles_are_unique():
    assert len({one.title for one in ATTACKS}) == len(ATTACKS)


@each_attack
def test_an_attack_says_who_and_where_it_is_fixed(one):
    assert one.title[0].isupper() and not one.title.endswith(".")
    assert one.who[0].isupper() and one.who.endswith(".")
    assert one.fixed_in in NOTEBOOKS
    assert one.needs in {"", *VARIANTS}


def test_every_notebook_fixes_something():
    assert {one.fixed_in for one in ATTACKS} == set(NOTEBOOKS)


def test_attacks_stand_in_the_order_of_the_notebooks():
    places = [NOTEBOOKS.index(one.fixed_in) for one in ATTACKS]
    assert places == sorted(places)


def test_every_variant_is_attacked():
    assert {one.needs for one in ATTACKS} == {"", *VARIANTS}


def test_sources_are_well_formed_and_used():
    listed = {k: v for k, v in vars(sources).items() if isinstance(v, sources.Source)}
    for source in listed.values():
        assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+/\S*", source.url), source
        assert source.title.strip() == source.title != ""
    used = [one.source for one in ATTACKS] + [one.source for one in VARIANTS.values()]
    assert set(listed.values()) == set(used), "a source that nobody cites"


# ---- each attack, on an app that is open and on one that is not


@each_attack
def test_the_attack_gets_in(one):
    outcome = try_attack(one, Target(attacked_app(one)))
    assert outcome.verdict is Verdict.GOT_IN, outcome
    assert outcome.says.endswith(".") and outcome.exchanges
    assert all(each.called and each.came_back for each in outcome.exchanges)


@each_attack
def test_the_hardened_app_holds(one):
    outcome = try_attack(one, Target(fresh(hardened.create_app)))
    if one.name in NOT_ON_HARDENED:
        assert outcome.verdict is Verdict.NOT_TRIED
        assert NOT_ON_HARDENED[one.name] in outcome.says
    else:
        assert outcome.verdict is Verdict.HELD, outcome
        assert outcome.says.endswith(".") and outcome.exchanges


@pytest.mark.parametrize("name", ["regex-oracle", "names-found-by-work"])
def test_what_an_attack_says_is_the_same_in_every_run(name):
    # Notebooks store it. What differs, such as a time, stands in the exchanges.
    one = BY_NAME[name]
    first, second = (try_attack(one, Target(attacked_app(one))) for _ in range(2))
    assert first.says == second.says
    assert first.exchanges != second.exchanges


def test_attacks_leave_users_alone_who_were_there_before():
    app = fresh(step06.create_app)
    for name in ("ada", "grace", "linus"):
        step06.User(name=name, email=f"{name}@example.org", password="their own").save()
    before = [user.to_mongo() for user in step06.User.objects(password="their own")]
    run_attacks(app, only=[one.name for one in ON_STEP06])
    assert [user.to_mongo() for user in step06.User.objects(password="their own")] == before


@pytest.mark.parametrize("one", [a for a in ATTACKS if a.needs], ids=lambda one: one.name)
def test_step06_without_the_feature_does_not_let_it_in(one):
    # Only the race can be won here too: step 06 does not even look for the name.
    outcome = try_attack(one, Target(fresh(step06.create_app)))
    if one.name == "duplicate-names-by-a-race":
        assert outcome.verdict is Verdict.GOT_IN
    else:
        assert outcome.verdict is not Verdict.GOT_IN, outcome


def test_session_protection_by_the_real_address_holds():
    app = fresh(VARIANTS["strong-session-protection"].create_app)
    app.login_manager._session_identifier_generator = lambda: f"from {request.remote_addr}"
    outcome = try_attack(BY_NAME["session-protection-spoofed"], Target(app))
    assert outcome.verdict is Verdict.HELD, outcome


def test_an_old_login_that_may_not_change_the_password_holds():
    app = fresh(VARIANTS["remember-me"].create_app)
    update = app.view_functions["update_record"]
    app.view_functions["update_record"] = fresh_login_required(update)
    outcome = try_attack(BY_NAME["old-login-changes-password"], Target(app))
    assert outcome.verdict is Verdict.HELD, outcome


# ---- one hole closed in step 06, and exactly the attacks on that hole fail


@pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.name)
def test_one_fix_stops_exactly_the_attacks_on_its_hole(fix):
    target = Target(fresh(create_mended(fix)))
    outcomes = {one.name: try_attack(one, target) for one in ON_STEP06}
    failed = {name: seen for name, seen in outcomes.items() if seen.verdict is not Verdict.GOT_IN}
    assert set(failed) == fix.stops, failed
    assert all(seen.verdict is Verdict.HELD for seen in failed.values()), failed


def test_many_attacks_are_stopped_by_a_fix_that_stops_no_other():
    assert len(set().union(*(fix.stops for fix in FIXES if len(fix.stops) == 1))) >= 15


# ---- the forms of next


def test_there_are_twenty_forms_of_next():
    assert len(NEXT_FORMS) == len(set(NEXT_FORMS.values())) == 20


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/account", "127.0.0.1"),
        ("account", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("?page=2", "127.0.0.1"),
        ("/a//b", "127.0.0.1"),
        ("/.//evil.example", "127.0.0.1"),
        ("/%2f/evil.example", "127.0.0.1"),
        ("/%5Cevil.example", "127.0.0.1"),
        ("https:account", "127.0.0.1"),
        ("https:/account", "127.0.0.1"),
        ("https://127.0.0.1/account", "127.0.0.1"),
        ("https://127.0.0.1:5000/account", "127.0.0.1"),
        ("//evil.example", "evil.example"),
        ("////evil.example", "evil.example"),
        ("/\\evil.example", "evil.example"),
        ("\\\\evil.example", "evil.example"),
        ("\t//evil.example", "evil.example"),
        ("/\t/evil.example", "evil.example"),
        ("/\n/evil.example", "evil.example"),
        ("\x00 //evil.example", "evil.example"),
        ("http:evil.example", "evil.example"),
        ("http:/evil.example", "evil.example"),
        ("https:///evil.example", "evil.example"),
        ("HTTPS://evil.example:443/x", "evil.example"),
        ("//127.0.0.1@evil.example", "evil.example"),
        ("//evil.example\\@127.0.0.1", "evil.example"),
        ("//127.0.0.1.evil.example", "127.0.0.1.evil.example"),
        ("javascript:alert(1)", "javascript:"),
        ("java\tscript:alert(1)", "javascript:"),
        ("data:text/html,x", "data:"),
    ],
)
def test_a_location_is_read_as_a_browser_reads_it(location, leads_to):
    assert web.where_it_leads(location, "https://127.0.0.1") == leads_to


# What Python makes of `////evil.example` and `http:evil.example` in a Location: the oldest of those
# that are supported, 3.12.4, and 3.12.6 and 3.13.
@pytest.mark.parametrize(
    ("slashes", "scheme"),
    [
        ("//evil.example", "http:///evil.example"),
        ("////evil.example", "http:///evil.example"),
        ("////evil.example", "http:evil.example"),
    ],
)
def test_the_usual_look_at_netloc_lets_eight_forms_through(slashes, scheme, monkeypatch):
    said = {("", "", "//evil.example"): slashes, ("http", "", "evil.example"): scheme}
    monkeypatch.setattr(
        "werkzeug.urls.urlunsplit", lambda parts: said.get(tuple(parts[:3])) or urlunsplit(parts)
    )
    target = Target(fresh(VARIANTS["redirect-to-next"].create_app))
    outcome = try_attack(BY_NAME["open-redirect"], target)
    assert outcome.says == "8 of 20 forms of next lead away."
    assert len(outcome.exchanges) == 20
    through = outcome.exchanges[:8]
    for shown in ("four slashes", "five slashes", "scheme without slashes", "javascript"):
        assert any(f"({shown})" in each.called for each in through), through
    for location in (slashes, scheme):
        assert any(each.came_back.endswith(f"to {location}") for each in through), through


# ---- what a browser does


def attached(samesite, navigation):
    app = Flask("cookies")

    @app.get("/")
    def give():
        return "", 200, {"Set-Cookie": f"session=1; Path=/{samesite}"}

    browser = Target(app).visitor()
    browser.get("/")
    (cookie,) = browser.cookies
    return web.attached_from_elsewhere(cookie, navigation)


@pytest.mark.parametrize(
    ("samesite", "by_form", "by_link"),
    [
        ("", True, True),
        ("; SameSite=None", True, True),
        ("; SameSite=Lax", False, True),
        ("; samesite=lax", False, True),
        ("; SameSite=Strict", False, False),
    ],
)
def test_a_cookie_goes_along_as_its_rule_says(samesite, by_form, by_link):
    assert attached(samesite, navigation=False) is by_form
    assert attached(samesite, navigation=True) is by_link


def test_forms_are_read_with_their_hidden_fields():
    page = """<form action="/a"><input name="x" value="1"><input type=checkbox name=y>
    <input value=2></form><form><input name="t" type="hidden" value="&lt;3"></form>"""
    first, second = web.read_forms(page)
    assert (first.action, first.inputs) == ("/a", {"x": "1"})
    assert (second.action, second.inputs) == ("", {"t": "<3"})


def test_visitors_come_by_https_from_addresses_of_their_own():
    app, seen = Flask("seen"), []

    @app.get("/")
    def look():
        seen.append((request.remote_addr, request.scheme, request.headers["User-Agent"]))
        return ""

    target = Target(app)
    for _ in range(600):
        target.new_address()
    for _ in range(2):
        target.visitor().get("/")
    target.visitor("198.51.100.7").get("/")
    addresses = [address for address, _, _ in seen]
    assert len(set(addresses)) == 3 and addresses[2] == "198.51.100.7"
    assert {(scheme, agent) for _, scheme, agent in seen} == {("https", "tutorial-browser")}


# ---- what is not tried, and why


def outcome_of(name, app, names=None):
    return try_attack(BY_NAME[name], Target(app, names))


@each_attack
def test_on_an_app_that_crashes_nothing_gets_in_and_hardly_anything_holds(one):
    outcome = try_attack(one, Target(crashing.create_app()))
    if one.name in ("debug-mode", "traceback-in-answers"):
        assert outcome.verdict is Verdict.HELD
    else:
        assert outcome.verdict is Verdict.NOT_TRIED
        assert "No user could be made" in outcome.says


@pytest.mark.parametrize(
    ("name", "routes"),
    [
        ("anyone-edits-anyone", 'update = ""'),
        ("anyone-deletes-anyone", 'delete = "DELETE /nowhere"'),
        ("anyone-creates-users", 'create = "PATCH /"'),
        ("stranger-reads-email", 'read = ""'),
        ("replay-after-logout", 'logout = ""'),
    ],
)
def test_a_route_that_does_not_exist_is_not_tried(name, routes):
    names = read_names(f"[routes]\n{routes}")
    outcome = outcome_of(name, fresh(step06.create_app), names)
    assert outcome.verdict is Verdict.NOT_TRIED
    assert outcome.says.startswith("This app has no ")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("anyone-edits-anyone", "email"),
        ("anyone-deletes-anyone", "name"),
        ("anyone-creates-users", "password"),
        ("mass-assignment-admin", "email"),
        ("lookalike-names", "name"),
        ("weak-password", "password"),
        ("cross-site-write", "password"),
    ],
)
def test_a_route_that_refuses_everybody_is_not_tried(name, field):
    # With a wrong name for a field everything is refused: that is no defence.
    names = read_names(f'[fields]\n{field} = "wrong"')
    outcome = outcome_of(name, fresh(step06.create_app), names)
    assert outcome.verdict is Verdict.NOT_TRIED
    assert "does not work even for somebody who may use it" in outcome.says


def test_nothing_is_held_with_a_wrong_name_for_the_login():
    names = read_names('[fields]\nlogin_name = "wrong"')
    report = run_attacks(fresh(step06.create_app), names)
    held = {row.attack.name for row in report.having(Verdict.HELD)}
    assert held == {"debug-mode", "traceback-in-answers"}
    assert "a user was made who cannot log in" in report.trouble


def test_nothing_is_held_where_nobody_can_tell_who_is_logged_in():
    names = read_names('[routes]\nwhoami = ""')
    report = run_attacks(fresh(step06.create_app), names)
    assert {row.attack.name for row in report.having(Verdict.HELD)} == {
        "debug-mode",
        "traceback-in-answers",
    }


def test_what_goes_wrong_in_an_attack_is_not_tried():
    def run(target):
        raise ZeroDivisionError("a mistake in the attack")

    one = Attack("broken", "Breaks", "Nobody.", sources.CSRF, NOTEBOOKS[0], "", run)
    outcome = try_attack(one, Target(Flask("any")))
    assert outcome.verdict is Verdict.NOT_TRIED
    assert outcome.says == (
        "The attack could not be carried out: ZeroDivisionError: a mistake in the attack"
    )


def test_where_records_are_kept_elsewhere_the_database_is_not_tried():
    app = fresh(step06.create_app)
    del app.extensions["mongoengine"]
    outcome = outcome_of("plaintext-at-rest", app)
    assert outcome.verdict is Verdict.NOT_TRIED
    assert outcome.says == "How this app stores its records is not known here."


# ---- which apps may be attacked


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "https://192.0.2.7:5000",
        "http://127.0.0.1.example.org",
        "http://0.0.0.0",
    ],
)
def test_another_machine_is_refused(address):
    with pytest.raises(ValueError, match="not a loopback address"):
        Target(address)
    with pytest.raises(ValueError, match="not a loopback address"):
        run_attacks(address, may_write=True)


@pytest.mark.parametrize("thing", [None, 7, "no address", lambda: None])
def test_what_is_no_app_is_refused(thing):
    with pytest.raises((NotAFlaskApp, ValueError)):
        run_attacks(thing)


def test_mongomock_and_sqlite_in_memory_may_be_ruined():
    assert is_disposable(fresh(step06.create_app))


def test_a_real_mongodb_may_not_be_ruined():
    app = Flask("real")
    with pymongo.MongoClient("mongodb://127.0.0.1:9", connect=False) as client:
        app.extensions["mongoengine"] = {object(): {"app": app, "conn": {"default": client}}}
        assert not is_disposable(app)
        with pytest.raises(MightBeReal, match="may be ruined"):
            run_attacks(app)


def test_an_app_that_does_not_say_where_its_users_are_may_not_be_ruined():
    called = []
    app = Flask("unknown")
    app.before_request(lambda: called.append(request.path))
    with pytest.raises(MightBeReal):
        run_attacks(app)
    assert not called
    assert run_attacks(app, may_write=True, only=["debug-mode"]).having(Verdict.HELD)
    assert called


def test_a_running_server_on_this_machine_can_be_attacked():
    app = fresh(step06.create_app)
    app.view_functions["create_record"] = app.view_functions["create_record"].__wrapped__
    only = ["operator-logs-in", "replay-after-logout", "missing-cookie-flags", "broken-ids"]
    with serve(app) as browser:
        with pytest.raises(MightBeReal):
            run_attacks(browser.base_url)
        report = run_attacks(browser.base_url, only=only, may_write=True)
    assert {row.attack.name for row in report.having(Verdict.GOT_IN)} == set(only)


def test_a_running_server_in_which_nobody_can_be_made_is_not_tried():
    with serve(fresh(step06.create_app)) as browser:
        report = run_attacks(browser.base_url, only=["operator-logs-in"], may_write=True)
    assert report.having(Verdict.NOT_TRIED)
    assert "302" in report.trouble


@pytest.mark.parametrize("module", [step06, hardened], ids=["step 06", "hardened"])
def test_other_people_are_left_alone(module):
    app = fresh(module.create_app)
    arguments = ["olga", "olga@example.org", "--password", "olga has a long password"]
    if module is hardened:
        arguments = ["olga", "--email", "olga@example.org", "--password", arguments[-1]]
    command = ["users", "add"] if module is hardened else ["add-user"]
    assert app.test_cli_runner().invoke(args=[*command, *arguments]).exit_code == 0
    before = stored_texts(app, "olga")
    run_attacks(app)
    assert stored_texts(app, "olga") == before


def test_the_attacks_clean_up_behind_them():
    app = fresh(step06.create_app)
    report = run_attacks(app, only=["replay-after-logout", "anyone-edits-anyone"])
    assert len(report.rows) == 2
    assert step06.User.objects.count() == 0


# ---- names


def test_names_that_are_left_out_are_the_articles():
    names = read_names('send = "form"\n[routes]\nread = ""\n[fields]\nemail = "mail"')
    assert names.send == "form"
    assert (names.routes.read, names.routes.login) == ("", "POST /login")
    assert (names.fields.email, names.fields.name) == ("mail", "name")
    assert read_names("") == Names()


def test_a_path_takes_the_name_of_the_user():
    names = read_names('[routes]\nread = "GET /users/{name}/card"')
    target = Target(Flask("any"), names)
    target._known_routes["read"] = True
    assert target.route("read", "a b/c") == ("GET", "/users/a%20b%2Fc/card")


def test_the_cookies_are_called_what_the_app_calls_them():
    app = Flask("any")
    app.config.update(SESSION_COOKIE_NAME="sid", REMEMBER_COOKIE_NAME="rid")
    assert (Target(app).session_cookie(), Target(app).remember_cookie()) == ("sid", "rid")
    names = read_names('[cookies]\nsession = "a"\nremember = "b"')
    assert Target(app, names).session_cookie() == "a"
    assert Target(app, names).remember_cookie() == "b"


# ---- reports


def test_only_some_attacks_are_tried_in_the_order_of_the_list():
    seen = []
    report = run_attacks(
        fresh(step06.create_app),
        only=["debug-mode", "operator-logs-in"],
        progress=lambda done, count, name: seen.append((done, count, name)),
    )
    assert [row.attack.name for row in report.rows] == ["operator-logs-in", "debug-mode"]
    assert seen == [(0, 2, "operator-logs-in"), (1, 2, "debug-mode"), (2, 2, "done")]


def test_an_unknown_attack_is_refused():
    with pytest.raises(ValueError, match="There is no attack 'nonsense'"):
        run_attacks(Flask("any"), only=["nonsense"])


@pytest.fixture(scope="module")
def report():
    """Give the report of all attacks on the article's app."""
    app = fresh(step06.create_app)
    try:
        yield run_attacks(app)
    finally:
        mongoengine.disconnect_all()


def test_the_table_holds_every_attack(report):
    table = report.as_table(100).splitlines()
    assert table[0] == report.headline
    assert re.fullmatch(r"\d+ attacks: \d+ got in, \d+ held, \d+ not tried", report.headline)
    for row in report.rows:
        (line,) = [line for line in table if line.startswith(f"{row.attack.name} ")]
        assert f" {row.outcome.verdict.value} " in line and row.attack.fixed_in in line
    assert str(report) == report.as_table()


@pytest.mark.parametrize("width", [1, 80, 120, 400])
def test_the_table_fits_where_it_can(report, width):
    lines = report.as_table(width).splitlines()
    assert all(line == line.rstrip() for line in lines)
    # The names and the notebooks are not cut; the evidence gets what is left.
    assert max(map(len, lines)) <= max(width, 110)
    text = " ".join(" ".join(lines).split())
    assert all(word in text for row in report.rows for word in row.outcome.says.split())


def test_the_dictionary_has_what_machines_need(report):
    told = report.as_dict()
    assert set(told) == {"version", "trouble", "totals", "attacks"}
    assert told["version"] == 1 and told["trouble"] == ""
    assert sum(told["totals"].values()) == len(told["attacks"]) == len(ATTACKS)
    for one in told["attacks"]:
        assert set(one) == {
            "name", "title", "who", "source", "fixed_in", "verdict", "says", "exchanges",
        }  # fmt: skip
        assert set(one["source"]) == {"title", "url"}
        assert one["verdict"] in {"got in", "held", "not tried"}
        assert all(set(each) == {"called", "came_back"} for each in one["exchanges"])


def test_a_notebook_shows_a_table_that_is_escaped(report):
    page = report._repr_html_()
    assert page.count("<tr>") == len(ATTACKS)
    assert "<script" not in page and "got in" in page


def test_an_empty_report_shows_itself():
    assert str(Report()).startswith("0 attacks: 0 got in, 0 held, 0 not tried")


def test_the_evidence_tells_the_exchange():
    outcome = outcome_of("operator-picks-a-user", fresh(step06.create_app))
    (exchange,) = outcome.exchanges
    assert exchange.called.startswith('POST /login {"username": "ada-')
    assert '"password": {"$ne": ""}}, not logged in' in exchange.called
    assert exchange.came_back.startswith("200 OK {")


def test_a_target_says_why_it_cannot_be_asked():
    target = Target(fresh(step06.create_app))
    with pytest.raises(NotTried, match="No user could be made, or logged in"):
        target.person(admin=True)
    assert target.member().name  # and that stands in nobody's way


# ---- variants


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=lambda variant: variant.name)
def test_a_variant_is_step06_with_one_feature(variant):
    app = fresh(variant.create_app)
    target = Target(app)
    person = target.member()
    assert target.is_in(person.browser, person)
    assert {rule.rule for rule in app.url_map.iter_rules()} >= {"/login", "/logout", "/user_info"}
    assert variant.feature and variant.source.url.startswith("https://")
