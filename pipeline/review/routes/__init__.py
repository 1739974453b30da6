"""The addresses of the review page, one module per screen; they ask, the modules beside this folder know."""
