"""Who is plugged in where. The only reader of the environment and of the clock."""
