"""How views shaped decisions, group by group and topic by topic; and the page that a receipt code opens."""

from django.urls import path

from collaborative.flow import change_views, receipt_views, views

urlpatterns = [
    path("flow/", views.flow, name="flow"),
    path("flow/data.csv", views.data, name="flow_data"),
    path("groups/", views.groups, name="groups"),
    path("groups/<slug:slug>/", views.group, name="group"),
    path("themes/", views.themes, name="themes"),
    path("themes/<slug:slug>/", views.theme, name="theme"),
    path("receipt/", receipt_views.receipt, name="receipt"),
    path("receipt/seen/", receipt_views.seen, name="receipt_seen"),
    path("receipt/change/", change_views.change, name="receipt_change"),
    path("receipt/close/", receipt_views.close, name="receipt_close"),
    path("receipt/copy/", receipt_views.copy, name="receipt_copy"),
    path("receipt/delete/", receipt_views.delete, name="receipt_delete"),
    path("receipt/mine/", receipt_views.mine, name="receipt_mine"),
    path("receipt/second-look/", receipt_views.second_look, name="receipt_second_look"),
    path("receipt/permission/", receipt_views.permission, name="receipt_permission"),
]
