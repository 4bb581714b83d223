"""Built-in strategies, one file each, found like any plug-in."""
