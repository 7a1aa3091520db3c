"""The lines that the reader writes in part 4. Each check works without the lesson's database."""
