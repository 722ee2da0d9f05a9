from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "console.teams"
    label = "teams"

    def ready(self) -> None:
        """Listen to what allauth tells."""
        from console.teams import receivers

        receivers.connect()
