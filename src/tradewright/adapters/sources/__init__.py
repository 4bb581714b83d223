"""Others who know something of markets: each is asked seldom, and says when it cannot be asked."""
