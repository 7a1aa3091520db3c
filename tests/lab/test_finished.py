"""The finished app with two people in it."""

from flasklogin_tutorial.lab.ada import who
from flasklogin_tutorial.lab.finished import start_finished

BOB = {"name": "bob", "email": "bob@example.org", "password": "four words are enough"}


def test_ada_and_the_administrator_are_logged_in_and_one_of_them_may_add_users():
    _, ada, admin = start_finished()
    assert (who(ada), who(admin)) == ("ada", "admin")
    assert ada.put("/", json=BOB).status_code == 403
    assert admin.put("/", json=BOB).ok


def test_each_app_begins_without_what_was_in_the_one_before():
    _, _, admin = start_finished()
    admin.put("/", json=BOB)
    _, _, admin = start_finished()
    assert admin.get("/?name=bob").status_code == 404
