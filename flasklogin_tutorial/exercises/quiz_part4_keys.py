"""The questions of lessons 19 to 19c, asked before a cell shows the answer."""

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
        "How many of these four pages may ask for a passkey of club.example, in a browser that is "
        "not careless?",
        right=2,
        why="The page's own host, and one that ends with it.",
        wrong={
            1: "Another of them has a host that ends with club.example.",
            3: "A host that begins like ours is somebody else's.",
            4: "Then any page could ask for any passkey.",
        },
        otherwise="It looks at the host of the page, and at the rp id.",
    ),
    "19d": Typed(
        "Ada's telephone was touched, has asked for her finger, and keeps its passkeys in several "
        "devices. Which number are its flags?",
        right=29,
        why="1 + 4 + 8 + 16: touched, asked for a finger, may be copied, is copied.",
        wrong={
            5: "That is a key that is in one device only.",
            21: "What is copied may be copied too: the bit of 8 is missing.",
            13: "It may be copied, and it is: the bit of 16 is missing.",
            25: "It has asked for her finger: the bit of 4 is missing.",
            11101: "These are its bits. Which number is that?",
        },
        otherwise="Add what each of the four bits stands for.",
    ),
    "19e": Quiz(
        "Ada logs in twice, then Mallory with a copy from before, and then Ada. Whose login does "
        "your check refuse?",
        Choice("Mallory's", "Her copy says 1, and 2 was kept by then.", True),
        Choice("Ada's last one", "It says 3, which is more than 2. What came in between is not."),
        Choice(
            "nobody's: both sign with the right key", "Yes, both do. One has a count of before."
        ),
    ),
    "19f": Quiz(
        "Mallory has copied a passkey that is in all of Ada's devices. She logs in. What does the "
        "app notice?",
        Choice("the count: it was there before", "There is none: it stays at 0 in all of them."),
        Choice("nothing", "A copy of a copy is what such a passkey is made for.", True),
        Choice("that it is another device", "The answer says nothing of the device."),
    ),
    "19g": Quiz(
        "Somebody has a copy of Ada's cookie and of the answer that her key gave. She has logged "
        "in with it, and the view took the challenge out of the session. The copy is sent. What "
        "comes back?",
        Choice("401: the challenge was taken out", "Out of Ada's cookie. The copy still has it."),
        Choice("401: the cookie is over", "A session in a cookie has no end that an app decides."),
        Choice("it is let in", "The copy brings its own challenge along.", True),
    ),
    "19h": Quiz(
        "Mallory has added a passkey in her account, under the id of Ada's. Whose account does "
        "Ada's key open now?",
        Choice("Ada's, as before", "Under this id there is another public key now."),
        Choice("Mallory's", "For that, Mallory's key would have to sign."),
        Choice("nobody's", "Her signature does not fit the public key that is there now.", True),
    ),
    "19i": Typed(
        "Ada has a passkey now. Which status does the app give to her name and her password?",
        right=202,
        why="The password is right, and it is half a login: a recovery code is asked for.",
        wrong={
            200: "Then whoever finds the password out needs no passkey.",
            401: "The password is right. Something else is missing.",
            403: "She may log in. Something is missing.",
        },
        otherwise="Lesson 18 had a status for a login that is half done.",
    ),
}
