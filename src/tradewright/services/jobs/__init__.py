"""Work that takes longer than a request: a queue, and workers in processes of their own."""
