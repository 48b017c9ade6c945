"""The notebook face: magics, card, buttons."""
