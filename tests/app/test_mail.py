"""Mail leaves by one function: to a real SMTP server, into the outbox, or later."""

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import mail, orders
from flasklogin_tutorial.app.config import CHEAP_PASSWORD_METHOD, BadConfig
from flasklogin_tutorial.app.mail import Letter
from flasklogin_tutorial.app.models import MailOrder, User
from flasklogin_tutorial.app.orders import read_outbox
from flasklogin_tutorial.visit import in_process

from .conftest import MAIL, PASSWORDS, QUEUED, log_in, populate, send_form

NEW = "a quite different password"
LETTER = Letter("bob@example.org", "About you", "Grüße.\n")


class Sink:
    """A server that takes letters, or answers what it is told to.

    Attributes:
        got: the sender, the recipients and the content of each letter.
        answer: what is said to a recipient.
    """

    def __init__(self):
        self.got, self.answer = [], "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):
        self.got.append((envelope.mail_from, envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


class OnAnyPort(Controller):
    """The server of aiosmtpd, at a port that is free."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def start(sink, **options):
    controller = OnAnyPort(sink, hostname="127.0.0.1", port=0, **options)
    controller.start()
    return controller


@pytest.fixture
def server():
    """Give a server of SMTP, and its sink."""
    sink = Sink()
    controller = start(sink)
    yield sink, controller.port
    controller.stop()


@pytest.fixture
def mailing(make_app, server):
    """Make an app that sends to the server."""
    app = populate(make_app(**MAIL | {"MAIL_SERVER": f"smtp-plain://127.0.0.1:{server[1]}"}))
    with app.app_context():
        yield app


def change_password(app, name="bob"):
    form = {"current_password": PASSWORDS[name], "new_password": NEW, "again": NEW}
    answer = send_form(log_in(app, name), "/account/password", form)
    assert answer.is_redirect


# ---- a letter


@pytest.mark.slow
def test_a_letter_arrives_at_one_address_and_says_that_no_person_wrote_it(mailing, server):
    mail.send(LETTER)
    [(sender, recipients, text)] = server[0].got
    assert (sender, recipients) == ("accounts@example.org", ["bob@example.org"])
    assert "To: bob@example.org\r\n" in text
    assert "Subject: About you\r\n" in text
    assert "Auto-Submitted: auto-generated\r\n" in text
    for header in ("From: ", "Date: ", "Message-ID: "):
        assert f"\n{header}" in f"\n{text}"
    assert "Bcc" not in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("bob@example.org, mallory@evil.example", "x"),
        ("bob@example.org\r\nBcc: mallory@evil.example", "x"),
        ("bob@example.org\nBcc: mallory@evil.example", "x"),
        ("bob@example.org", "x\r\nBcc: mallory@evil.example"),
        ("bob@example.org", "x\nBcc: mallory@evil.example"),
    ],
)
def test_no_text_adds_a_recipient(mailing, server, to, subject):
    with pytest.raises((ValueError, IndexError)):
        mail.send(Letter(to, subject, "text"))
    assert server[0].got == []


@pytest.mark.slow
def test_without_tls_nothing_is_sent_to_a_server_that_is_to_have_it(make_app, server):
    app = make_app(**MAIL | {"MAIL_SERVER": f"smtp://127.0.0.1:{server[1]}"})
    with app.app_context(), pytest.raises(mail.MailAway):
        mail.send(LETTER)
    assert server[0].got == []


@pytest.mark.slow
@pytest.mark.parametrize("password", ["right%2Fword", "wrong"])
def test_the_app_logs_in_where_the_setting_says_so(make_app, password):
    def check(server, session, envelope, mechanism, given):
        return AuthResult(success=given.password == b"right/word")

    sink = Sink()
    controller = start(sink, authenticator=check, auth_require_tls=False)
    address = f"smtp-plain://app:{password}@127.0.0.1:{controller.port}"
    app = make_app(**MAIL | {"MAIL_SERVER": address})
    with app.app_context():
        assert (mail.find_flaw_of_server() is None) == (password != "wrong")
        if password == "wrong":
            with pytest.raises(mail.MailAway):  # the letter waits until the setting is right
                mail.send(LETTER)
        else:
            mail.send(LETTER)
    controller.stop()
    assert len(sink.got) == (password != "wrong")


# ---- the queue


@pytest.mark.slow
def test_a_request_only_orders_and_a_command_sends(mailing, server, events):
    change_password(mailing)
    assert server[0].got == []
    [order] = MailOrder.objects
    assert NEW not in str(order.to_mongo())
    events()
    ran = mailing.test_cli_runner().invoke(args=["send-mail"])
    assert (ran.exit_code, ran.output) == (0, "sent: 1, to be tried again: 0, given up: 0\n")
    [(_, recipients, text)] = server[0].got
    assert recipients == ["bob@example.org"]
    assert "The password of your account was changed." in text
    assert MailOrder.objects.count() == 0
    [line] = events()
    assert (line["event"], line["user"]) == ("mail_sent", str(User.objects.get(name="bob").id))
    assert "bob@" not in str(line)


@pytest.mark.slow
def test_a_server_that_is_away_loses_nothing(mailing, server, later):
    run = mailing.test_cli_runner().invoke
    change_password(mailing)
    server[0].answer = "451 come back later"
    ran = run(args=["send-mail"])
    assert (ran.exit_code, ran.output) == (1, "sent: 0, to be tried again: 1, given up: 0\n")
    assert run(args=["send-mail"]).output == "sent: 0, to be tried again: 0, given up: 0\n"
    server[0].answer = "250 OK"
    later(minutes=3)
    assert run(args=["send-mail"]).output == "sent: 1, to be tried again: 0, given up: 0\n"
    assert len(server[0].got) == 1


def test_a_server_that_does_not_answer_is_one_that_is_away(make_app, caplog):
    app = populate(make_app(**QUEUED))
    change_password(app)
    with app.app_context():
        assert orders.send_waiting() == orders.Tally(waiting=1)
    assert "ConnectionRefusedError" in caplog.text
    assert MailOrder.objects.count() == 1


def test_what_waits_too_long_is_given_up_and_written_down(make_app, later, events):
    app = populate(make_app(**QUEUED))
    change_password(app)
    with app.app_context():
        for hours in (1, 3, 10, 23):
            later(hours=hours)
            assert orders.send_waiting() == orders.Tally(waiting=1)
        later(hours=25)
        events()
        assert orders.send_waiting() == orders.Tally(given_up=1)
    [line] = events()
    assert (line["event"], line["kind"]) == ("mail_given_up", "notice")
    assert MailOrder.objects.count() == 0


@pytest.mark.slow
def test_what_the_server_refuses_for_good_is_given_up_at_once(mailing, server, events):
    change_password(mailing)
    server[0].answer = "550 no such mailbox"
    events()
    assert orders.send_waiting() == orders.Tally(given_up=1)
    [line] = events()
    assert (line["event"], line["why"]) == ("mail_given_up", "status 550")


def test_an_order_is_taken_by_one_sender(make_app, monkeypatch):
    app = populate(make_app(**QUEUED))
    change_password(app)
    sent = []

    def send(letter):
        sent.append(letter)
        if len(sent) == 1:  # another sender comes while this one is at it
            assert orders.send_waiting() == orders.Tally()

    monkeypatch.setattr(mail, "send", send)
    with app.app_context():
        assert orders.send_waiting() == orders.Tally(sent=1)
    assert len(sent) == 1


def test_what_a_sender_left_behind_that_died_is_taken_again(make_app, monkeypatch, later):
    app = populate(make_app(**QUEUED))
    change_password(app)

    def die(letter):
        raise KeyboardInterrupt

    with app.app_context():
        with monkeypatch.context() as dying:
            dying.setattr(mail, "send", die)
            with pytest.raises(KeyboardInterrupt):
                orders.send_waiting()
        sent = []
        monkeypatch.setattr(mail, "send", sent.append)
        assert orders.send_waiting() == orders.Tally()
        later(minutes=6)
        assert orders.send_waiting() == orders.Tally(sent=1)


# ---- the outbox


def test_with_the_outbox_a_letter_is_there_after_the_answer():
    app = populate(create_app(MAIL | {"PASSWORD_METHOD": CHEAP_PASSWORD_METHOD}))
    change_password(app)
    [message] = mail.outbox_of(app)
    assert message["To"] == "bob@example.org"
    assert "was changed" in message.get_content()
    assert MailOrder.objects.count() == 0


def test_with_the_outbox_a_command_sends_at_once():
    app = populate(create_app(MAIL | {"PASSWORD_METHOD": CHEAP_PASSWORD_METHOD}))
    arguments = ["users", "set-password", "bob", "--generate-password"]
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 0
    assert [message["To"] for message in mail.outbox_of(app)] == ["bob@example.org"]


def test_in_a_test_a_letter_is_there_when_somebody_looks(make_app):
    app = populate(make_app(**MAIL))
    change_password(app)
    assert mail.outbox_of(app) == []
    assert [message["To"] for message in read_outbox(app)] == ["bob@example.org"]


def test_an_app_with_an_outbox_shows_its_letters_in_its_log(caplog):
    app = create_app(MAIL)
    with app.app_context():
        mail.send(LETTER)
    assert "Grüße." in caplog.text


# ---- without mail


def test_without_mail_nothing_is_ordered(app):
    change_password(app)
    assert MailOrder.objects.count() == 0
    ran = app.test_cli_runner().invoke(args=["send-mail"])
    assert ran.exit_code == 1
    assert "MAIL_SERVER is not set" in ran.output


def test_a_user_whose_address_is_none_is_told_nothing(make_app):
    app = populate(make_app(**MAIL))
    for address in (None, "bob", "a@example.org, b@example.org", "b\u043eb@example.org"):
        User.objects(name="ada").update(email=address)
        with app.app_context():
            orders.tell(User.objects.get(name="ada"), "password_changed")
    assert read_outbox(app) == []


# ---- the settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_SERVER", "mail.example.org"),
        ("MAIL_SERVER", "http://mail.example.org"),
        ("MAIL_SERVER", "smtp://"),
        ("MAIL_SERVER", "smtp://mail.example.org:x"),
        ("MAIL_SERVER", "smtp://mail.example.org/x"),
        ("MAIL_SERVER", "smtp://app@mail.example.org"),
        ("MAIL_SERVER", 25),
        ("MAIL_FROM", "accounts"),
        ("MAIL_FROM", "a@example.org, b@example.org"),
        ("MAIL_FROM", "a@example.org\nBcc: b@example.org"),
        ("MAIL_FROM", None),
        ("PUBLIC_ADDRESS", "app.example"),
        ("PUBLIC_ADDRESS", "ftp://app.example"),
        ("PUBLIC_ADDRESS", "https://"),
        ("PUBLIC_ADDRESS", "https://a@app.example"),
        ("PUBLIC_ADDRESS", "https://app.example/?next="),
        ("PUBLIC_ADDRESS", "https://app.example/#x"),
        ("PUBLIC_ADDRESS", "https://app.example/a b"),
        ("PUBLIC_ADDRESS", "https://\u0430pp.example"),
        ("PUBLIC_ADDRESS", None),
    ],
)
def test_a_setting_without_meaning_is_refused(make_app, name, value):
    with pytest.raises(BadConfig, match=name):
        make_app(**MAIL | {name: value})


@pytest.mark.parametrize("name", ["MAIL_FROM", "PUBLIC_ADDRESS"])
def test_with_a_server_both_have_to_be_said(make_app, name):
    with pytest.raises(BadConfig, match=name):
        make_app(**{key: value for key, value in QUEUED.items() if key != name})


@pytest.mark.parametrize("https", [False, True])
def test_the_outbox_does_without_them(make_app, https):
    app = populate(make_app(MAIL_SERVER="outbox", HTTPS=https))
    in_process(app).post("/forgot", json={"email": "bob@example.org"})
    [letter] = read_outbox(app)
    where = "https://localhost:5000/" if https else "http://localhost:5000/"
    assert f"{where}reset?token=" in letter.get_content()
    assert letter["From"].endswith("<accounts@example.org>")


def test_the_public_address_is_https_where_the_app_is(make_app):
    with pytest.raises(BadConfig, match="PUBLIC_ADDRESS"):
        make_app(**MAIL | {"PUBLIC_ADDRESS": "http://app.example", "HTTPS": True})


def test_production_has_no_outbox(make_app):
    with pytest.raises(BadConfig, match="MAIL_SERVER is outbox"):
        make_app(**MAIL, ENVIRONMENT="production")


def test_no_message_shows_the_password_of_the_mail_server(make_app):
    with pytest.raises(BadConfig) as refused:
        make_app(**MAIL | {"MAIL_SERVER": "smtp://app:s3cr3t@mail.example.org:x"})
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "scheme", "port"),
    [
        ("smtp://mail.example.org", "smtp", 587),
        ("smtps://a:b@mail.example.org", "smtps", 465),
        ("smtp-plain://mail.example.org", "smtp-plain", 25),
        ("smtp://mail.example.org:2525", "smtp", 2525),
    ],
)
def test_a_server_is_named_by_its_address(text, scheme, port):
    server = mail.read_server(text)
    assert (server.scheme, server.host, server.port) == (scheme, "mail.example.org", port)


def test_check_config_says_that_the_server_is_away_and_that_nothing_hides_the_letters(make_app):
    ran = make_app(**QUEUED).test_cli_runner().invoke(args=["check-config"])
    assert "The server of MAIL_SERVER takes no mail: ConnectionRefusedError." in ran.output
    assert "MAIL_SERVER is spoken to without TLS" in ran.output
