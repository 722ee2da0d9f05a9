"""`manage.py create_api_key` prints a key that works, or one sentence."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from console.kit.tokens import API_KEY_PREFIX, is_ours
from console.teams.models import ApiKey, Member
from console.teams.permissions import Role
from tests.cast import Cast
from tests.console.api.caller import Caller

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_api_key", *arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return str(caught.value)


def test_it_prints_the_key_alone_and_the_key_works(cast: Cast) -> None:
    printed = run("--email", "DAN@example.com", "--name", "CI")
    assert printed == printed.strip() + "\n"
    assert is_ours(printed.strip(), API_KEY_PREFIX)
    assert Caller(printed.strip()).get("templates/").status == 200
    key = ApiKey.objects.get()
    assert (key.member, key.name) == (cast.dan, "CI")
    assert printed.strip().encode() not in bytes(key.digest)


def test_a_person_in_two_teams_has_to_say_which(cast: Cast) -> None:
    Member.objects.create(team=cast.sam.team, user=cast.dan.user, role=Role.VIEWER.value)
    assert str(cast.team.pk) in refusal("--email", "dan@example.com", "--name", "CI")
    run("--email", "dan@example.com", "--name", "CI", "--team", str(cast.sam.team.pk))
    assert ApiKey.objects.get().member.team == cast.sam.team


def test_refusals_are_one_sentence_about_what_to_do(cast: Cast) -> None:
    assert "nobody@example.com" in refusal("--email", "nobody@example.com", "--name", "CI")
    assert "999999" in refusal("--email", "dan@example.com", "--name", "CI", "--team", "999999")
    assert "1 to 80" in refusal("--email", "dan@example.com", "--name", " ")
    assert "3650" in refusal("--email", "dan@example.com", "--name", "CI", "--days", "0")
    assert not ApiKey.objects.exists()
