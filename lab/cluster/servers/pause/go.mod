module django-on-kubernetes/pause

go 1.25
