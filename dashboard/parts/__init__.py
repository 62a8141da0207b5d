"""Parts of pages as HTML, a module a topic: pure functions, every text that came from data escaped."""
