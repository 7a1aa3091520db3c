"""What CPython has, or survives, and its build for a browser does not."""
