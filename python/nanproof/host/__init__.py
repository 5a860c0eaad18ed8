"""The host: `python3 -m nanproof.host FILE` runs cases of a person's program, as the harness asks."""
