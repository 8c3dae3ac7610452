"""Le formulaire public et son suivi, les réglages ; inclus par subtraitance/urls.py."""

urlpatterns: list = []
