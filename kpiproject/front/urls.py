"""Accounts, people, health and the demo's mailbox."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
