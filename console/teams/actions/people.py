"""What a person changes about themselves."""

from django.db import transaction

from console.kit.problems import Invalid
from console.kit.text import is_invisible, unprintable
from console.teams.actions import account_log
from console.teams.models import User

NAME_LIMIT = 80


@transaction.atomic
def rename(*, user: User, name: str) -> None:
    """Give `user` another name, or none. Raises Invalid; the name they have already changes nothing."""
    cleaned = name.strip()
    if len(cleaned) > NAME_LIMIT:
        raise Invalid(f"A name has at most {NAME_LIMIT} characters.", field="name")
    if cleaned and (is_invisible(cleaned) or unprintable(cleaned)):
        raise Invalid("The name has characters that cannot be shown. Type it again.", field="name")
    was = User.objects.select_for_update(no_key=True).get(pk=user.pk).name
    if cleaned == was:
        return
    User.objects.filter(pk=user.pk).update(name=cleaned)
    user.name = cleaned
    account_log.tell(user=user, kind="person.renamed", subject=user.label, was=was)
