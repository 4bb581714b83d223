"""The vocabulary: values, enums and errors in the market's words. Standard library only."""
