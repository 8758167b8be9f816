"""How the parties of a task are asked: language models, people and tools (task engine §3.4)."""
