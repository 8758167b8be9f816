"""The `mojodex>` prompt: the whole product as a dialogue of lines, on a terminal or in a panel."""
