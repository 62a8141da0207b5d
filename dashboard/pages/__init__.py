"""The pages, one module each: choose, fetch, show. They hold no SQL and never import each other."""
