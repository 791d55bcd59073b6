"""What became of a group of notes: the topic that a person sorted it under, the idea that was made from it.

Both outlive the group: whoever takes it apart afterwards changes nothing that was confirmed or put
forward.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from collaborative.analysis.models import Theme
from collaborative.changemakers.boards.models import Cluster, Note
from collaborative.changemakers.room.models import Stage
from collaborative.outcomes.models import Proposal


class ClusterTheme(models.Model):
    """A person confirmed that the notes of a group are about a theme. The codings bear `coding_key`."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="cluster_themes")
    cluster = models.ForeignKey(
        Cluster, null=True, blank=True, on_delete=models.SET_NULL, related_name="themes"
    )
    title = models.CharField(max_length=120)  # as the group was called then
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="clusters")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two who confirm the same at once confirm it once.
            models.UniqueConstraint(
                fields=["cluster", "theme"], condition=Q(undone_at=None), name="one_theme_of_a_cluster_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.theme_id}"

    @property
    def coding_key(self) -> str:
        return f"cluster.{self.pk}."


class Basis(models.Model):
    """A group of notes that a proposal was made from, as it stood when the proposal was put forward."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="bases")
    cluster = models.ForeignKey(
        Cluster, null=True, blank=True, on_delete=models.SET_NULL, related_name="bases"
    )
    title = models.CharField(max_length=120)
    notes = models.ManyToManyField(Note, blank=True, related_name="bases")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "cluster"], name="one_basis_per_cluster"),
        ]

    def __str__(self) -> str:
        return self.title
