"""One file for each framework, imported only when its framework is."""
