"""The use cases. They meet the world only through ports."""
