"""How requests and messages travel to any venue: what is sent when, what is never sent twice, what time it is there."""
