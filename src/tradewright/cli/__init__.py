"""The command line: typer and rich live here, and everything heavy is imported inside a command."""
