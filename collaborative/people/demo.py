"""The people of the demonstration set: groups, bodies, and somebody for every role."""

from collaborative import demonstration
from collaborative.people.models import Organisation, StakeholderGroup, User
from collaborative.people.roles import Role, give_role


def load(password: str) -> None:
    texts = demonstration.read("people", "people")
    groups: dict[str, StakeholderGroup] = {}
    for order, row in enumerate(texts["group"]):
        groups[row["slug"]] = StakeholderGroup.objects.create(
            slug=row["slug"],
            name=row["name"],
            kind=row["kind"],
            parent=groups.get(row["parent"]),
            sensitive=row["sensitive"],
            description=row["description"],
            order=order,
        )
    Organisation.objects.bulk_create(
        Organisation(name=row["name"], sector=row["sector"]) for row in texts["organisation"]
    )
    model = User(email="model@demo.example")
    model.set_password(password)  # hashed once for all of them: each hash costs a third of a second
    for row in texts["user"]:
        user = User.objects.create(
            email=f"{row['first'].lower()}@demo.example",
            first_name=row["first"],
            last_name=row["last"],
            password=model.password,
        )
        give_role(user, *(Role(role) for role in row["roles"]))


def user(name: str) -> User:
    """Somebody of the set by full name."""
    first, _space, last = name.partition(" ")
    return User.objects.get(first_name=first, last_name=last, email__endswith="@demo.example")


def somebody(role: Role) -> User:
    return User.objects.filter(groups__name=role.value, email__endswith="@demo.example").order_by("pk")[0]
