"""What the screens show, as frozen values, and the rules that make them."""
