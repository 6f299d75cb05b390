"""The pictures of the README: made by a script, so that they can be made again."""
