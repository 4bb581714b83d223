"""What must not be lost, in SQLite (a file) or PostgreSQL (an address). Nothing else imports SQLAlchemy."""
