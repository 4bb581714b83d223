"""Shapes of requests and answers that several routes share."""
