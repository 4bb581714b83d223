"""What the use cases need from the world, as protocols in domain words."""
