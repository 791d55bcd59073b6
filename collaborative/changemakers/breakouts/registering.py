"""What small groups tell the rooms below: what stands on the screens, and what is live."""


def register() -> None:
    """Called at `ready()`, when models can be imported."""
    from collaborative.changemakers.breakouts import handler, live
    from collaborative.changemakers.room import kinds
    from collaborative.changemakers.room.models import Kind
    from collaborative.live import registry

    kinds.register(Kind.BREAKOUTS, handler.Breakouts())
    registry.register("breakouts", live.Breakouts())
