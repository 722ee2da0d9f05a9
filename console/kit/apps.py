from django.apps import AppConfig

from console.kit import server_time


class KitConfig(AppConfig):
    name = "console.kit"
    label = "kit"

    def ready(self) -> None:
        server_time.watch()
