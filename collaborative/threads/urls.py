"""The addresses of this room. The public word is "comments"."""

from django.urls import path

from collaborative.threads.views import leaving, mail, own, pages, writing

urlpatterns = [
    path("comments/<int:number>/", pages.thread, name="thread"),
    path("comments/<int:number>/add/", writing.add, name="thread_add"),
    path("comments/<int:number>/added/", writing.added, name="thread_added"),
    path("comments/<int:number>/finish/", leaving.finish, name="thread_finish"),
    path("comments/<int:number>/shared/", leaving.shared, name="thread_shared"),
    path("comments/<int:number>/mail/", mail.ask, name="thread_mail"),
    path("comments/mail/confirm/<str:token>/", mail.confirm, name="thread_mail_confirm"),
    path("comments/mail/stop/<str:token>/", mail.stop, name="thread_mail_stop"),
    path("comments/<int:number>/<int:pk>/", pages.comment, name="thread_comment"),
    path("comments/<int:number>/<int:pk>/reply/", writing.reply, name="thread_reply"),
    path("comments/<int:number>/<int:pk>/change/", own.change, name="thread_change"),
    path("comments/<int:number>/<int:pk>/take-back/", own.take_back, name="thread_take_back"),
    path("comments/<int:number>/<int:pk>/support/", own.support, name="thread_support"),
    path("comments/<int:number>/<int:pk>/still-holds/", own.still_holds, name="thread_holds"),
]
