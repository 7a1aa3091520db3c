"""The questions of part 4, asked before a cell shows the answer."""

from flasklogin_tutorial.exercises.question import Choice, Quiz, Typed

QUIZZES: dict[str, Quiz | Typed] = {
    "17a": Quiz(
        "Mallory asks for a link for Ada, with the header Host: evil.example. What comes to Ada?",
        Choice("nothing: that is not the app's name", "Nobody has told the app its name."),
        Choice("a link to app.example", "The app would have to know that this is its name."),
        Choice("a link to evil.example", "The app takes the host that the request names.", True),
    ),
    "17b": Typed(
        "How many of the three tries change Ada's password?",
        right=3,
        why="The app signed all of these tokens within half an hour, and asks for no more.",
        wrong={
            0: "What would the app have to remember, to refuse the second use of a token?",
            1: "There is more than one. Does the signature change when the password does?",
            2: "There is one more. Does the signature say what the token is for?",
        },
        otherwise="It is a number from 0 to 3.",
    ),
    "17c": Quiz(
        "Ada asks for another address. Who gets a mail?",
        Choice("the new address", "It does. And how does Ada learn what Mallory asked for?"),
        Choice("the former address", "It does. And who shows that they read the new one?"),
        Choice("both", "One is asked whether it is hers, the other is told.", True),
    ),
}
