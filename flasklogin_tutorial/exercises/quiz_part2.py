"""The questions before the results of part 2, at least three a lesson."""

from flasklogin_tutorial.exercises.quiz import Choice, Quiz, Typed

QUIZZES: dict[str, Quiz | Typed] = {
    "11a": Quiz(
        "The page of evil.example sends this form to the app, from Ada's browser. Which cookies go "
        "along?",
        Choice("none", "A browser adds cookies by itself; the page need not know them."),
        Choice("those of evil.example", "Those go to evil.example. This request goes to the app."),
        Choice("those that the app gave Ada", "What counts is where a request goes.", True),
    ),
    "11b": Quiz(
        "A script on evil.example sends the same record as application/json. What happens?",
        Choice("Ada's record changes.", "No form can send this type, so the browser asks first."),
        Choice("The app refuses it with 401.", "The browser is Ada's, who is logged in."),
        Choice(
            "The browser asks the app first, and then does not send it.",
            "It asks with OPTIONS, and the app permits nothing.",
            True,
        ),
    ),
    "11c": Typed(
        "In how many of the seven rows does SameSite alone leave Ada as she was?",
        1,
        "Only the logout by a form. In the other rows something changes, or she is logged out.",
        wrong={
            3: "The address stays in the first two rows, but look at what else the answer did.",
            4: "Which of the seven come without Ada's cookie? That alone is not enough.",
            2: "One of your two loses something else: look at its first word.",
            0: "One attack changes nothing: without the cookie nobody is logged out.",
        },
        otherwise="Ask of each row: does the cookie go along, and what does the answer do?",
    ),
    "11d": Quiz(
        "urlsplit finds no host in ////evil.example. Where does Ada end up after the login?",
        Choice("on the page / of the app", "The check goes there when it finds a host."),
        Choice(
            "at a path of the app that does not exist",
            "The browser reads the address anew, and not as urlsplit does.",
        ),
        Choice(
            "at evil.example", "To a browser it is a host, however many slashes come first.", True
        ),
    ),
}
