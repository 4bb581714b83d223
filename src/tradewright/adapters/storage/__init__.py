"""What lies on disk: candles, funding and instruments. Polars lives here and nowhere else."""
