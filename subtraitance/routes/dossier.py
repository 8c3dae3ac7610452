"""Les gestes sur une demande de droits ; inclus par subtraitance/urls.py."""

urlpatterns: list = []
