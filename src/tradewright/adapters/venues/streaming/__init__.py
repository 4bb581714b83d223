"""What any venue's streams need to be believed: order, no gaps, no doubles, bounded memory, and word of silence."""
