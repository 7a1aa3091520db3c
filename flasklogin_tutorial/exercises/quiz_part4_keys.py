"""The questions of lessons 19 and 19b, asked before a cell shows the answer."""

from flasklogin_tutorial.exercises.question import Choice, Quiz, Typed

QUIZZES: dict[str, Quiz | Typed] = {
    "19a": Quiz(
        "Ada has typed her password and her code at c1ub.example. Which browser is logged in?",
        Choice("none: the code was not typed at the app", "It came to the app, in time."),
        Choice("Ada's", "She sees her page, and the login's cookie went somewhere else."),
        Choice("that of the site, which is Mallory's", "It has asked, so it was answered.", True),
    ),
    "19b": Quiz(
        "A site in the middle changes one letter of what the browser said, and sends it on. Does "
        "the signature still fit?",
        Choice("yes: the challenge is the same", "More than the challenge was signed."),
        Choice("no: the hash of it is another one", "And the hash is what was signed.", True),
        Choice("yes, if the length is the same", "A hash is of every letter, not of the length."),
    ),
    "19c": Typed(
        "From how many of these four pages does a browser let a page ask for a passkey of "
        "club.example?",
        right=2,
        why="The page's own host, and one that ends with it.",
        wrong={
            1: "Another of them has a host that ends with club.example.",
            3: "A host that begins like ours is somebody else's.",
            4: "Then any page could ask for any passkey.",
        },
        otherwise="It looks at the host of the page, and at the rp id.",
    ),
}
