from dpd.comptes.routes import collectivites, personnes

app_name = "comptes"
urlpatterns = [*personnes.urlpatterns, *collectivites.urlpatterns]
