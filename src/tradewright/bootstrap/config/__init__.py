"""The configuration: one typed tree out of defaults, a preset, a YAML file, `.env`, the environment and the command."""
