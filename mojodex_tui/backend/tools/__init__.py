"""What assistants may call: files, web pages, dates, past texts, To-Dos, MCP servers."""
