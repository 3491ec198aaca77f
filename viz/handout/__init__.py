"""Hand-outs: a lesson in one file of HTML, recorded, that needs no server and no network."""
