from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "tests.browser.board"
    label = "board"

    def ready(self) -> None:
        from collaborative.live import registry
        from tests.browser.board.room import Board

        registry.register("slate", Board())
