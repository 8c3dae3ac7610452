"""Une base de charge : vraies communes, proportions réalistes, tirée d’une graine ; jamais en production."""
