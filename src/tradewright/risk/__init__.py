"""Risk: what a run allows, and why a signal was refused, in words. The one gate itself is `kernels.gate`."""
