"""Check my sketch. Pure: a text and a context in, findings out; see `templates_app.sketch.checking`."""
