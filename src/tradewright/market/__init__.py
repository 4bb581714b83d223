"""Market data as columns: bars, resampling, alignment, quality, synthetic markets. numpy only, no I/O."""
