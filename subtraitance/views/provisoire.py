from django.http import HttpResponse


def provisoire(request, **kwargs):
    return HttpResponse("")
