"""Le registre de l’article 30-2, ce que la structure détient ; inclus par subtraitance/urls.py."""

urlpatterns: list = []
