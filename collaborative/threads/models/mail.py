"""Who wants to hear by e-mail what happens in a thread."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from collaborative.threads.models.thread import Thread, Voice


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> "SubscriptionQuerySet":
        """Confirmed by whoever reads that address, and not stopped."""
        return self.exclude(confirmed_at=None).filter(stopped_at=None)


class Subscription(models.Model):
    """One voice, one thread. The address goes when it is stopped (KC-8: nobody under 16 is asked for one)."""

    class How(models.TextChoices):
        REPLIES = "replies", _("When somebody replies to me")
        DAILY = "daily", _("Once a day, what is new here")

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="subscriptions")
    voice = models.ForeignKey(Voice, on_delete=models.PROTECT, related_name="subscriptions")
    how = models.CharField(max_length=8, choices=How.choices)
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    last_seq = models.PositiveIntegerField(default=0)  # up to which the daily message told

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            # Also serves "does whoever is replied to want to hear of it?".
            models.UniqueConstraint(fields=["voice", "thread"], name="one_subscription_of_a_voice"),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.pk}"
