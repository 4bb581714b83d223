"""Trading at a venue: orders that are journalled before they are sent, and books that are those of the venue."""
