"""Any of the exchanges that CCXT knows, spot and linear: what the library hides is put right here."""
