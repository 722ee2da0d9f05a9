"""Which mails a member gets."""

from console.teams.models import Member


def choose_session_mails(*, member: Member, wanted: bool) -> None:
    """Whether Landfall writes to `member` when a session of theirs ends while they are away. Their own affair: no row
    of the audit log tells of it.
    """
    Member.objects.filter(pk=member.pk).update(mails_session_ends=wanted)
