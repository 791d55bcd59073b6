from django.apps import AppConfig


class ChangemakersConfig(AppConfig):
    name = "collaborative.changemakers"
    label = "changemakers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from collaborative.changemakers import anchors  # models cannot be imported before the apps are ready
        from collaborative.changemakers.boards import registering as of_boards
        from collaborative.changemakers.breakouts import registering as of_groups
        from collaborative.changemakers.room import kinds, told
        from collaborative.changemakers.room.discussion import Discussion
        from collaborative.changemakers.room.live import Consoles, Rooms
        from collaborative.changemakers.room.permissions import user_may_read_message
        from collaborative.changemakers.room.views.joining import open_room
        from collaborative.changemakers.seats import letters as of_places
        from collaborative.changemakers.seats.views import open_place
        from collaborative.changemakers.writeup import letters as of_write_ups
        from collaborative.changemakers.writeup.permissions import user_may_read_correction
        from collaborative.contributions import followers
        from collaborative.engagements import codes_registry
        from collaborative.live import registry
        from collaborative.moderation.permissions import let_check
        from collaborative.threads.anchors import register

        register("stage", anchors.stage, anchors.stages)
        of_places.register()
        of_write_ups.register()
        let_check("correction", user_may_read_correction)
        codes_registry.register("session", open_room)
        codes_registry.register("place", open_place)
        registry.register("session", Rooms())
        registry.register("console", Consoles())
        followers.register("message", told.follow)
        let_check("message", user_may_read_message)
        for plain in ("talk", "break"):
            kinds.register(plain, kinds.Plain())
        kinds.register("discussion", Discussion())
        of_boards.register()
        of_groups.register()
