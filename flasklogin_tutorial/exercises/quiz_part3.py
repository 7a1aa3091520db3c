"""The questions of part 3, asked before a cell shows the answer."""

from flasklogin_tutorial.attacks import ATTACKS
from flasklogin_tutorial.exercises.quiz import Choice, Quiz, Typed

#: How many attacks get in on the article's app as it stands, and with one more feature.
_AS_IT_STANDS = sum(not one.needs for one in ATTACKS)
_WITH_A_FEATURE = len(ATTACKS) - _AS_IT_STANDS

QUIZZES: dict[str, Quiz | Typed] = {
    "16a": Typed(
        "Ada is logged in, and the database goes away. Which status does she get?",
        right=503,
        why="The service is not there now. It is not Ada's fault, and not a fault of the code.",
        wrong={
            500: "That says that the code has a fault. It has none, and the app knows the cause.",
            401: "That would tell Ada that she is nobody. Nobody could look up who she is.",
            404: "That says that there is no such address. There is.",
            502: "A proxy says that, when it gets no answer from the app. The app does answer.",
        },
        otherwise="The app is there and its database is not. Statuses for that begin with a 5.",
    ),
    "16b": Typed(
        "Eight requests for one name come at once. How many are answered with 201?",
        right=1,
        why="The index lets one write through, whoever looked first.",
        wrong={
            8: "All eight may look before one has written. But the write meets the index.",
            0: "The name is free, and nothing refuses the first write.",
            2: "That happened above, without an index.",
        },
        otherwise="Ask what the second write meets, and the third.",
    ),
    "16c": Quiz(
        "Ten wrong passwords went to one of two workers. It gets the eleventh, the other the "
        "twelfth. What comes back?",
        Choice("429 from both", "They share the database, and the count is not in it."),
        Choice("401 from both", "The one worker has counted ten, and ten are allowed."),
        Choice(
            "429 from the one, 401 from the other",
            "Each counts in its own memory, so the other has seen no attempt yet.",
            True,
        ),
    ),
    "16d": Typed(
        f"How many of the {len(ATTACKS)} attacks get into the article's app as it stands?",
        right=_AS_IT_STANDS,
        why="Nothing had to be added to the article's app for any of these.",
        wrong={
            len(ATTACKS): "That many get in with features added. A part of them attacks a feature "
            "that the article's app lacks, such as a remember cookie.",
            _WITH_A_FEATURE: "These are the others: the ones that need a feature.",
            0: "Look at the first row: it needs no feature, and it got in.",
        },
        otherwise="`sum(not one.needs for one in ATTACKS)` counts them for you.",
    ),
}
