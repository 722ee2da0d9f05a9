"""The audit log as people and programs read it: sentences, filters, pages, files, API."""
