"""The world behind the ports: one family per folder, none knowing another."""
