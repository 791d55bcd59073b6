"""What boards and votes tell the rooms below: what stands on the screens, what is live, who checks a note."""


def register() -> None:
    """Called at `ready()`, when models can be imported."""
    from collaborative.changemakers.boards import handler as boards
    from collaborative.changemakers.boards import live as live_boards
    from collaborative.changemakers.boards import permissions
    from collaborative.changemakers.boards.actions import follow
    from collaborative.changemakers.polls import handler as polls
    from collaborative.changemakers.polls import live as live_polls
    from collaborative.changemakers.room import kinds
    from collaborative.changemakers.room.models import Kind
    from collaborative.contributions import followers
    from collaborative.contributions.models import Contribution
    from collaborative.live import registry
    from collaborative.moderation.permissions import let_check

    kinds.register(Kind.BOARD, boards.Boards())
    kinds.register(Kind.POLL, polls.Polls())
    registry.register("board", live_boards.Boards())
    registry.register("poll", live_polls.Polls())
    followers.register(Contribution.Kind.NOTE, follow)
    let_check(Contribution.Kind.NOTE, permissions.user_may_check_note)
