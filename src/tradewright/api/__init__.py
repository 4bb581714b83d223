"""The API server: the use cases over HTTP. FastAPI lives only here."""
