"""The questions of part 4, asked before a cell shows the answer."""

from flasklogin_tutorial.exercises.question import Choice, Quiz, Typed

QUIZZES: dict[str, Quiz | Typed] = {
    "17a": Quiz(
        "Mallory asks for a link for Ada, with the header Host: evil.example. What comes to Ada?",
        Choice("nothing: that is not the app's name", "Nobody has told the app its name."),
        Choice("a link to app.example", "The app would have to know that this is its name."),
        Choice("a link to evil.example", "The app takes the host that the request names.", True),
    ),
    "17b": Quiz(
        "Which of the three tries change Ada's password?",
        Choice("none of them", "What would the app have to remember, to refuse a token?"),
        Choice("the first two", "Does the signature say what the third token is for?"),
        Choice("all three", "The app signed these tokens lately, and asks for no more.", True),
    ),
    "17c": Quiz(
        "`spend` is called twice for one record. What does it return?",
        Choice("True and True", "The second call finds nothing to delete."),
        Choice("True and False", "One call deleted the record, and the other none.", True),
        Choice("True, and then an error", "To find nothing is no error: nothing is deleted."),
    ),
    "17d": Quiz(
        "Ada asks for another address. Who gets a mail?",
        Choice("the new address", "It does. And how does Ada learn what Mallory asked for?"),
        Choice("the former address", "It does. And who shows that they read the new one?"),
        Choice("both", "One is asked whether it is hers, the other is told.", True),
    ),
    "17e": Quiz(
        "The words are the same for everybody. Does a stranger still learn who has an account?",
        Choice("no: nothing else comes back", "How long does it take until it comes?"),
        Choice("yes, by the mail that comes", "It comes to the address, and not to the stranger."),
        Choice("yes, by the work", "A mail is written for one, and none for the other.", True),
    ),
    "17f": Typed(
        "Ada on her computer, the thief, the phone: how many are logged in afterwards?",
        right=0,
        why="The new password ends every login, and nobody has typed it yet to log in.",
        wrong={
            1: "With which password did that one log in, the former or the new one?",
            2: "One of them is the thief, or has only followed a link.",
            3: "Then the thief is still there. What did Ada choose another password for?",
        },
        otherwise="It is a number from 0 to 3.",
    ),
    "18a": Quiz(
        "Mallory sends Ada's right password, from a browser that the app has never seen. What does "
        "the finished app answer?",
        Choice("429: it does not know this browser", "It counts guesses, and this is none."),
        Choice("200: she is in", "Whoever has the password is Ada, as far as it can tell.", True),
        Choice(
            "401: this is not where Ada logs in", "It asks for a password, and not for a place."
        ),
    ),
    "18b": Quiz(
        "Mallory has sent Ada's password and no code. She asks the variant who she is. Who?",
        Choice(
            "nobody: the code is missing", "The page for it is there, and nobody has to go to it."
        ),
        Choice("ada", "She was logged in before the code was asked for.", True),
        Choice(
            "an error: the answer said code",
            "It said what comes next, and let her in all the same.",
        ),
    ),
    "18c": Typed(
        "The copy of Ada's half login sends a code that is right and unused. Which status does it "
        "get?",
        right=401,
        why="The half login was whole once, and its record is gone: the password comes first.",
        wrong={
            200: "The code is good, and there is no half login any more that it could make whole.",
            202: "That is the answer to a right password. This is a code.",
            403: "That is for somebody who is known, and may not. Nobody is known here.",
        },
        otherwise="Nobody has shown who they are: which status says so?",
    ),
    "18d": Typed(
        "How many times does `verify` say True?",
        right=3,
        why="It compares, and keeps nothing: as often as it is asked.",
        wrong={
            1: "For that it would have to remember that the code was used.",
            2: "It makes no difference between the second time and the third.",
            0: "The code is the one that is shown at this moment.",
        },
        otherwise="It was asked three times.",
    ),
    "18e": Typed(
        "Four browsers send one code at once. How many are answered with 200?",
        right=1,
        why="The first write moves `totp_step` on, and the others find nobody.",
        wrong={
            4: "That is what `verify` alone allows.",
            2: "So it was where the app looks first and then writes.",
            0: "The code is good, and nobody has used it.",
        },
        otherwise="One write is the first.",
    ),
    "18f": Typed(
        "Three codes in a million are good, and she guesses ten times in 15 minutes for a year. In "
        "how many of a hundred years does she get in? Guess.",
        right=65,
        why="There are 350,400 guesses, each with three chances in a million.",
        wrong={
            1: "That is about the chance of a week or so. She has a year.",
            100: "Each guess may miss, so there is always a chance that all do.",
            35: "That is in how many she does not.",
        },
        otherwise="350,400 guesses at three in a million: the chance that all are wrong is 0.35.",
    ),
    "18g": Typed(
        "Mallory has sent five wrong codes. Now a browser that the app does not know sends the "
        "right code. Which status does it get?",
        right=429,
        why="It is counted before the code is looked at, and it may be Mallory's.",
        wrong={
            200: "A browser that is not known cannot be told from Mallory's.",
            401: "For that the app would have to look at the code.",
            403: "That closes the door for good. This one opens again.",
        },
        otherwise="There were too many attempts: which status says so?",
    ),
    "18h": Typed(
        "A recovery code, the same again, and the hash of another one: how many times does "
        "`use_recovery_code` say True?",
        right=1,
        why="The first time its hash is taken out, and a hash that is sent is hashed once more.",
        wrong={
            0: "The first time, its hash is in the list.",
            2: "What is used is taken out. What is sent is hashed, also where it is a hash.",
            3: "What is used is taken out. What is sent is hashed, also where it is a hash.",
        },
        otherwise="It was asked three times.",
    ),
    "18i": Quiz(
        "The tablet is remembered for thirty days, and they are not over. What is it after Ada has "
        "set up her telephone?",
        Choice("logged in: thirty days are thirty days", "It was let in by a password alone."),
        Choice("logged out", "What a password alone has opened ends with the second factor.", True),
        Choice(
            "asked for a code, and then logged in as before",
            "Its login is over, so it begins anew.",
        ),
    ),
    "18j": Quiz(
        "How does the app of this notebook keep the seed of Ada's telephone?",
        Choice(
            "as a slow hash, like a password",
            "A password is sent at each login, and can be hashed again. Nobody sends the seed.",
        ),
        Choice(
            "as a fast hash, like a recovery code",
            "A recovery code is sent, and can be hashed again. Nobody sends the seed.",
        ),
        Choice(
            "so that it can read it",
            "It makes the same code of it as the telephone does.",
            True,
        ),
    ),
}
