"""The questions before a result, and what is said to whoever answers them."""

import pytest

from flasklogin_tutorial.exercises import quiz
from flasklogin_tutorial.exercises.question import Choice, Quiz, Typed
from flasklogin_tutorial.exercises.quiz import all_quizzes

TYPED = {name: one for name, one in all_quizzes().items() if isinstance(one, Typed)}
CHOSEN = {name: one for name, one in all_quizzes().items() if isinstance(one, Quiz)}


@pytest.mark.parametrize("name", CHOSEN)
def test_each_choice_is_told_whether_it_is_right_and_why(name):
    html = quiz(name)._repr_html_()
    assert html.count("✓ Right.") == 1
    assert html.count("✗ No.") == len(CHOSEN[name].choices) - 1
    assert all(len(one.why) > 15 for one in CHOSEN[name].choices)


@pytest.mark.parametrize("name", TYPED)
def test_a_typed_answer_is_told_whether_it_is_right_and_why(name):
    one = TYPED[name]
    assert "in place of ..." in repr(quiz(name, ...))
    for typed in (one.right, f" {one.right} "):
        assert "✓" in repr(quiz(name, typed))
        assert one.why in quiz(name, typed).said
    assert one.wrong
    assert one.right not in one.wrong
    for wrong, why in one.wrong.items():
        assert "✗" in repr(quiz(name, wrong))
        assert why in quiz(name, wrong).said
    assert one.otherwise in quiz(name, "something else").said


def test_what_is_typed_is_shown_as_text():
    assert "<b>" not in quiz("11e", "<b>1</b>")._repr_html_()


def test_an_answer_may_be_a_word():
    one = Typed("Who?", "ada", "She is.", wrong={"grace": "Not she."}, otherwise="Look again.")
    assert one.answered("ada").said == "✓ ada is right. She is."
    assert one.answered("grace").said == "✗ Not grace. Not she."
    assert one.answered(7).said == "✗ Not 7. Look again."


def test_a_question_needs_one_right_answer():
    with pytest.raises(ValueError, match="one of them right"):
        Quiz("Who?", Choice("ada", "She is.", True), Choice("grace", "She too.", True))


def test_a_question_that_there_is_not_names_those_there_are():
    with pytest.raises(LookupError, match=r"There are: 00, .*16c"):
        quiz("99")
