"""What a run says once everything answers."""

from console.supervisor.options import Options
from console.supervisor.panel import Account, panel

NEW = Account(email="dev@example.com", password="correct horse", is_new=True)


def rows(text: str) -> dict[str, str]:
    found = (
        line.strip().split("  ", 1) for line in text.splitlines() if line.startswith("  ") and "  " in line.strip()
    )
    return {name: value.strip() for name, value in found}


def test_the_first_run_shows_the_password_it_made() -> None:
    shown = rows(panel(Options.from_environment({}), NEW))
    assert shown["Console"] == "http://127.0.0.1:8000/"
    assert shown["Account"] == "dev@example.com"
    assert shown["Password"].startswith("correct horse ")
    assert shown["Gateway"] == "127.0.0.1 port 8080"
    assert "labelled web" in shown["Mail"]
    assert "sign in" in shown["Next"]


def test_a_later_run_says_how_to_set_another_password() -> None:
    later = Account(email="dev@example.com", password=None, is_new=False)
    assert rows(panel(Options.from_environment({}), later))["Password"].endswith("changepassword dev@example.com")


def test_a_password_of_the_developers_own_is_not_repeated() -> None:
    chosen = Account(email="dev@example.com", password=None, is_new=True)
    assert rows(panel(Options.from_environment({}), chosen))["Password"] == "the one in DEVELOPER_PASSWORD"


def test_public_address_and_tls_are_shown_where_set() -> None:
    options = Options.from_environment({"PUBLIC_URL": "https://landfall.example", "GATEWAY_TLS_CERT": "cert.pem"})
    shown = rows(panel(options, NEW))
    assert shown["Console"] == "https://landfall.example"
    assert shown["Gateway, TLS"] == "127.0.0.1 port 9443"


def test_mail_is_not_promised_on_the_terminal_where_a_server_sends_it() -> None:
    options = Options.from_environment({"EMAIL_URL": "smtp://mail.example:25"})
    assert rows(panel(options, NEW))["Mail"] == "sent through the server in EMAIL_URL"


def test_the_account_is_read_from_the_last_line_of_first_run() -> None:
    output = 'a notice\n{"email": "dev@example.com", "password": "correct horse", "created": true}\n'
    assert Account.parse(output) == NEW
