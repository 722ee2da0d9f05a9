"""What a run says once everything answers."""

import json
from dataclasses import dataclass
from typing import Self

from console.supervisor.options import Options

RULE = "─" * 72
MAIL_SENT = "sent through the server in EMAIL_URL"
MAIL_PRINTED = "printed here, in the lines labelled web; EMAIL_URL names a server that sends it"


@dataclass(frozen=True, kw_only=True)
class Account:
    """The developer's account; `password` only where this run made it up."""

    email: str
    password: str | None
    is_new: bool

    @classmethod
    def parse(cls, output: str) -> Self:
        """Read the line that `manage.py first_run` prints last."""
        facts = json.loads(output.strip().splitlines()[-1])
        return cls(email=facts["email"], password=facts["password"], is_new=facts["created"])


def panel(options: Options, account: Account) -> str:
    """The panel: where the console is, who signs in, where devices connect, what to do next."""
    rows = [
        ("Console", options.public_url or f"http://{_host(options.web.local_host)}:{options.web.port}/"),
        ("Account", account.email),
        ("Password", _password(account)),
        ("Gateway", f"{options.gateway.local_host} port {options.gateway.port}"),
    ]
    if options.gateway_tls:
        rows.append(("Gateway, TLS", f"{options.gateway_tls.local_host} port {options.gateway_tls.port}"))
    rows += [
        ("Mail", MAIL_SENT if options.has_mail_server else MAIL_PRINTED),
        ("Data", str(options.data_dir)),
        ("Next", "sign in, open a template, copy its firmware lines, press Add device"),
        ("Stop", "Ctrl-C; everything is kept for the next run"),
    ]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name.ljust(width)}  {value}" for name, value in rows]
    return "\n".join(["", RULE, "  Landfall is running", "", *lines, RULE, ""])


def _password(account: Account) -> str:
    if account.password:
        return f"{account.password}  (shown this once)"
    if account.is_new:
        return "the one in DEVELOPER_PASSWORD"
    return f"set at the first run; to set another: .venv/bin/python manage.py changepassword {account.email}"


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host
