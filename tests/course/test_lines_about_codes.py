"""What a reader gets who writes something into a place of lessons 18 to 18c, right or wrong."""

import hmac
from collections import Counter

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import factors
from flasklogin_tutorial.app.models import HalfLogin, User, hash_secret
from flasklogin_tutorial.app.refusals import PasswordFirst
from flasklogin_tutorial.exercises.lines import all_lines, find_line
from flasklogin_tutorial.exercises.lines.line import defined
from flasklogin_tutorial.exercises.lines.yours import judge_line
from flasklogin_tutorial.visit import new_app

from .line_rules import instead, must_be_right, must_be_told, no_small_change_may_be_right

PLACES = [one for one in all_lines() if one.number.startswith("18")]

LOOKS_FIRST = """
def use_step(user, step):
    if User.objects.get(id=user.id).totp_step >= step:
        return False
    User.objects(id=user.id).update(totp_step=step)
    return True
"""

LOOKS_FIRST_AT_THE_LIST = """
def use_recovery_code(user, code):
    kept = hash_secret(code)
    user = User.objects.get(id=user.id)
    if kept not in user.recovery_hashes:
        return False
    user.recovery_hashes.remove(kept)
    user.save()
    return True
"""

DELETES_FIRST = """
def finish(half, user, code, *, device):
    if not HalfLogin.objects(id=half.id).delete():
        raise PasswordFirst
    return factors.use_code(user, code, device=device)
"""

LOOKS_FIRST_AND_DELETES = """
def finish(half, user, code, *, device):
    kind = factors.use_code(user, code, device=device)
    if not HalfLogin.objects(id=half.id):
        raise PasswordFirst
    half.delete()
    return kind
"""

COUNTS_NOTHING = """
counts, LIMIT = {}, 5

def may_type(user_id, device):
    return counts.get((user_id, device), 0) < LIMIT
"""

WRONG = [
    ("18a", instead("18a", ("    return str", "    str")), "Is `return` there"),
    ("18a", instead("18a", (".zfill(digits)", "")), "zeros in front are missing"),
    ("18a", instead("18a", ("str(number % 10**digits).zfill(digits)", "number % 10**digits")),
     "A code is a string"),
    ("18a", instead("18a", (" & 0x7FFFFFFF", "")), "The first of the 32 bits"),
    ("18a", instead("18a", ("str(number % 10**digits).zfill(digits)", "str(number)[:digits]")),
     "Take the last digits"),
    ("18a", instead("18a", ("10**digits", "10**6"), ("zfill(digits)", "zfill(6)")),
     "The number of digits is an argument"),
    ("18a", instead("18a", ('"big") &', '"little") &')), "in the order that `big` says"),
    ("18a", instead("18a", ("mac[place : place + 4]", "mac[place]")), "is one byte"),
    ("18a", instead("18a", ("% 10**digits).zfill(digits)", ")[-digits:]")), "zeros in front"),
    ("18a", instead("18a", ("str(number % 10**digits).zfill(digits)", "number[-digits:]")),
     "no places to take digits from"),
    ("18a", instead("18a", ("str(number % 10**digits)", "number")), "belongs to strings"),
    ("18a", instead("18a", ('"big") & 0x7FFFFFFF', '"big" & 0x7FFFFFFF)')), "Close the bracket"),
    ("18a", instead("18a", ('int.from_bytes(mac[place : place + 4], "big")',
                            "mac[place : place + 4]")), "Bytes are no number yet"),
    ("18a", instead("18a", ('int.from_bytes(mac[place : place + 4], "big")',
                            "int(mac[place : place + 4])")), "`int` reads digits"),
    ("18a", instead("18a", ("10**digits", "digits")), "A million is"),
    ("18a", instead("18a", ("10**digits", "10*digits")), "A million is"),
    ("18a", instead("18a", ("% 10**digits", "// 10**digits")), "what is left"),
    ("18a", instead("18a", ("str(number % 10**digits).zfill(digits)",
                            'f"{number % 10**digits:06}"')), "The number of digits is an argument"),
    ("18b", instead("18b", ("if not HalfLogin.objects(id=half.id).delete()", "if False")),
     "Is the record deleted"),
    ("18b", instead("18b", ("if not ", "if ")), "raise where the number is 0"),
    ("18b", instead("18b", ("HalfLogin.objects(id=half.id).delete", "half.delete")),
     "`half.delete()` none"),
    ("18b", instead("18b", ("id=half.id", "id=user.id")), "Nothing was deleted"),
    ("18b", instead("18b", ("id=half.id", "id=half")), "its id is `half.id`"),
    ("18b", instead("18b", ("id=half.id", "half.id")), "which field is looked for"),
    ("18b", LOOKS_FIRST_AND_DELETES, "Who looks first and then deletes comes too late"),
    ("18b", instead("18b", ("    return kind\n", "")), "Leave `return kind`"),
    ("18b", instead("18b", ("(id=half.id)", "(user=user.id)")), "Delete the one with the id"),
    ("18b", instead("18b", ("raise PasswordFirst", "pass")), "delete()` returns 0"),
    ("18b", DELETES_FIRST, "Use the code first"),
    ("18c", instead("18c", ("return User", "User")), "Is `return` there"),
    ("18c", instead("18c", (" is not None", "")), "Return True or False"),
    ("18c", instead("18c", ("is not None", "is None")), "is greater than"),
    ("18c", instead("18c", ("totp_step__lt=step", "totp_step__lte=step")), "a moment ago"),
    ("18c", instead("18c", ("totp_step__lt=step", "totp_step__ne=step")), "A step before the last"),
    ("18c", instead("18c", (".modify(totp_step=step)", ".first()")), "stores the step"),
    ("18c", instead("18c", ("id=user.id, ", "")), "somebody else's record has changed"),
    ("18c", LOOKS_FIRST, "comes too late"),
    ("18d", instead("18d", ("= (user_id, device)", "= user_id")), "that is known has its own"),
    ("18d", instead("18d", ("= (user_id, device)", "= device")), "Each user has counts"),
    ("18d", instead("18d", ("= (user_id, device)", "= device or user_id")), "Two users of one"),
    ("18d", instead("18d", ("= (user_id, device)", "= (user_id, device is None)")),
     "Each known browser"),
    ("18d", instead("18d", ("<= LIMIT", "< LIMIT")), "codes are allowed"),
    ("18d", instead("18d", ("return counts", "counts")), "Is `return` there"),
    ("18d", instead("18d", ("counts[key] <= LIMIT", "counts[key] <= LIMIT or device is not None")),
     "A known browser has a limit too"),
    ("18d", COUNTS_NOTHING, "Is each one counted"),
    ("18e", instead("18e", ("    return found", "    found")), "Is `return` there"),
    ("18e", instead("18e", (" is not None", "")), "Return True or False"),
    ("18e", instead("18e", ("hash_secret(code)", "code")), "Its hash is in the list"),
    ("18e", instead("18e", (".modify(pull__recovery_hashes=kept)", ".first()")),
     "takes the one out"),
    ("18e", instead("18e", ("pull__recovery_hashes=kept", "recovery_hashes=[]")),
     "takes the one out"),
    ("18e", instead("18e", ("id=user.id, ", "")), "somebody else's record has changed"),
    ("18e", LOOKS_FIRST_AT_THE_LIST, "comes too late"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def names():
    """Give the names that lines of these lessons use, on a database that is empty."""
    new_app(create_app, {"TESTING": True})
    return {
        "Counter": Counter,
        "HalfLogin": HalfLogin,
        "LIMIT": 5,
        "PasswordFirst": PasswordFirst,
        "User": User,
        "counts": Counter(),
        "factors": factors,
        "hash_secret": hash_secret,
        "hmac": hmac,
    }


@pytest.mark.parametrize(("number", "source", "said"), WRONG)
def test_a_wrong_line_is_told_its_cause_and_the_lesson_goes_on(number, source, said, names):
    must_be_told(number, source, said, names)


@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_the_lessons_own_lines_are_right_and_are_not_the_only_ones_tried(one, names):
    must_be_right(one, names)
    assert sum(number == one.number for number, *_ in WRONG) >= 2


@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_what_was_asked_leaves_nothing_behind(one, names):
    must_be_right(one, names)
    assert User.objects.count() == HalfLogin.objects.count() == 0


def test_what_was_counted_before_is_counted_afterwards(names):
    written = defined(find_line("18d").solution, "may_type", names)
    counts = written.__globals__["counts"]
    counts["ada", None] = 3
    assert judge_line(find_line("18d"), written, names).right
    assert counts == {("ada", None): 3}


@pytest.mark.slow
@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_no_small_change_of_the_lessons_own_lines_is_right(one, names):
    no_small_change_may_be_right(one, names, set())
