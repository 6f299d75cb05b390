"""Documents that are written once and read everywhere: on the web, as PDF, as Markdown, as plain text."""
