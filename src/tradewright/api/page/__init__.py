"""The web page as the server hands it out."""
