"""What a reader gets who writes something into a place of part 3, right or wrong."""

import ast

import pytest

from flasklogin_tutorial.app.models import hash_secret
from flasklogin_tutorial.exercises.lines import all_lines
from flasklogin_tutorial.visit import new_app

from .line_rules import instead, must_be_right, must_be_told, no_small_change_may_be_right
from .notebook_rules import Notebook, notebooks_in
from .test_excerpts import ROOT

PLACES = [one for one in all_lines() if 13 <= int(one.number[:-1]) <= 16]


WRONG = [
    ("13a", instead("13a", ("defaults | environment | given", "given | environment | defaults")),
     "What create_app is given wins"),
    ("13a", instead("13a", ("environment | given", "given | environment")), "given wins over both"),
    ("13a", instead("13a", ("defaults | environment | given", "given or environment or defaults")),
     "has its default"),
    ("13a", "def merged(defaults, environment, given):\n    defaults.update(environment, **given)",
     "returns None"),
    ("13a", "def merged(defaults, environment, given):\n    defaults.update(environment)\n"
     "    defaults.update(given)\n    return defaults", "The next app needs the defaults"),
    ("13a", "def merged(defaults, environment, given):\n"
     "    return {key: given.get(key) or environment.get(key) or value"
     " for key, value in defaults.items()}", "may have settings that the others lack"),
    ("13b", instead("13b", (', url_prefix="/ops"', "")), "what comes before it"),
    ("13b", instead("13b", ('"/ops"', '"ops"')), "must start with a slash"),
    ("13b", instead("13b", ('"/ops"', '"/ops/healthz"')), "without anything behind it"),
    ("13b", "def mount(app, blueprint):\n    blueprint.url_prefix = '/ops'", "taken no blueprint"),
    ("14a", instead("14a", ("401", "403")), "for whoever is known"),
    ("14a", instead("14a", (', {"WWW-Authenticate": "Bearer"}', "")), "Headers are a dictionary"),
    ("14a", instead("14a", ("return jsonify", "jsonify")), "Is `return` there"),
    ("14a", instead("14a", ("jsonify(error", "jsonfy(error")), "Is jsonify meant?"),
    ("14b", instead("14b", ('scheme != "Bearer" or ', "")), "The scheme is Basic"),
    ("14b", instead("14b", (" or token not in known", "")), "A token that is not known is nobody"),
    ("14b", instead("14b", (".first()", "")), "let `.first()` stand at the end"),
    ("14b", instead("14b", ("article.User.objects(name=known[token]).first()", "known[token]")),
     "This is no user"),
    ("14b", instead("14b", ("return article", "article")), "Is `return` there"),
    ("14b", instead("14b", ("name=known[token]", "id=known[token]")), "not a valid ObjectId"),
    ("14b", instead("14b", ("(name=known[token])", "")), "whose name is `known[token]`"),
    ("14c", instead("14c", ("hash_secret(sent)", "sent")), "hashed, and then compared"),
    ("14c", instead("14c", ("hash_secret(sent) == record.token_hash",
                            "record.token_hash in (sent, hash_secret(sent))")), "A thief"),
    ("14c", instead("14c", ("==", "!=")), "hashed, and then compared"),
    ("14c", instead("14c", ("return hash", "hash")), "Is `return` there"),
    ("14d", instead("14d", ("user.is_active and ", "")), "Is `user.is_active` asked"),
    ("14d", instead("14d", (" and token.epoch == user.login_epoch", "")), "Compare the two epochs"),
    ("14d", instead("14d", ("epoch ==", "epoch >=")), "have to be equal"),
    ("14d", instead("14d", ("now and user", "now or user")), "its time is over"),
    ("14d", instead("14d", ("return token", "token")), "Is `return` there"),
    ("14d", instead("14d", ("is_active and", "is_active() and")), "TypeError"),
    ("15a", instead("15a", ("403", "401")), "Grace is known, and may not"),
    ("15a", instead("15a", ('"grace"', '"ada"')), "it fails"),
    ("15a", instead("15a", ("    assert answer", "    answer")), "Nothing is asserted"),
    ("15a", instead("15a", (".status_code == 403", "")), "Grace gets another status"),
    ("15a", instead("15a", ('client("grace")', "grace")), "NameError"),
    ("15b", instead("15b", ("401", "403")), "401 says: show who you are"),
    ("15b", instead("15b", ("403", "401")), "401 says: show who you are"),
    ("15b", instead("15b", ('("cy", 200)', '("cy", 403)')), "Cy is an administrator"),
    ("15b", instead("15b", ("403", '"403"')), "without quotes"),
    ("15b", "ROWS = [401, 403, 200, 200]", "Leave the names"),
    ("15c", instead("15c", ("200", "401")), "as good as the original"),
    ("15c", instead("15c", ("401", "200")), "as good as the original"),
    ("15c", instead("15c", ("    assert thief.post(\"/user_info\").status_code == 200\n", "")),
     "Is there an `assert` before the logout"),
    ("15c", instead("15c", ("    assert thief.post(\"/user_info\").status_code == 401", "")),
     "Is there an `assert` after the logout"),
    ("15c", instead("15c", ("    ada.post(\"/logout\")\n", "")), "as good as the original"),
    ("16a", instead("16a", ("503", "500")), "503 stands behind the body"),
    ("16a", instead("16a", (', {"Retry-After": "5"}', "")), "Headers are a dictionary"),
    ("16a", instead("16a", ('"Retry-After": "5"', '"Retry-After": "300"')), "in seconds"),
    ("16a", instead("16a", ('{"Retry-After": "5"}', '"Retry-After: 5"')), "are no string"),
    ("16a", instead("16a", ("return jsonify", "jsonify")), "Is `return` there"),
    ("16a", instead("16a", ("error=", "message=")), "Leave the body"),
    ("16b", instead("16b", ("secrets.token_hex()", "'some key'")), "shorter than 32"),
    ("16b", instead("16b", ("secrets.token_hex()", f"'{'0123456789abcdef' * 4}'")), "same key"),
    ("16b", instead("16b", (":1/people", ":1")), "names no database"),
    ("16b", instead("16b", ('"mongodb://127.0.0.1:1",', '"memory://",')), "RATELIMIT_STORAGE_URI"),
    ("16b", instead("16b", ('["people.example.org"]', "[]")), "TRUSTED_HOSTS"),
    ("16b", "def production():\n    {'TRUSTED_PROXIES': 1}", "Is `return` there"),
]  # fmt: skip


def names_of(number):
    """Return what the lesson of a place imports, by its names."""
    lesson = f"{int(number[:-1]):02d}"
    parts = [path for name, path in notebooks_in(ROOT / "notebooks").items() if name[:2] == lesson]
    found = {"__name__": "lesson"}
    for tree in filter(None, (tree for path in parts for tree in Notebook.read(path).trees)):
        imports = [one for one in tree.body if isinstance(one, ast.Import | ast.ImportFrom)]
        exec(compile(ast.Module(imports, []), "<imports>", "exec"), found)
    if number == "14b":
        found["known"] = {"token-of-the-script": "ada"}
        new_app(found["article"].create_app)
    if number == "14c":
        found["hash_secret"] = hash_secret
    return found


@pytest.mark.parametrize(("number", "source", "said"), WRONG)
def test_a_wrong_line_is_told_its_cause_and_the_lesson_goes_on(number, source, said):
    must_be_told(number, source, said, names_of(number))


@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_the_lessons_own_lines_are_right_and_are_not_the_only_ones_tried(one):
    must_be_right(one, names_of(one.number))
    assert sum(number == one.number for number, *_ in WRONG) >= 2


#: Changes of the lesson's own lines that nobody can tell from them, or that are as good.
THE_SAME = {
    ("14a", "'login required' → constant"),
    ("16a", "'try again later' → constant"),
    ("14b", "return None → nothing_returned"),
    ("14b", "'' → constant"),
    *(
        ("16b", f"{value} → constant")
        for value in (
            "'TRUSTED_PROXIES'",
            "'mongodb://127.0.0.1:1/people'",
            "'mongodb://127.0.0.1:1'",
            "1",
            "'people.example.org'",
        )
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_no_small_change_of_the_lessons_own_lines_is_right(one):
    no_small_change_may_be_right(one, names_of(one.number), THE_SAME)
