"""What a text states: figures with their units, names, a yes or no, denials and conditions, in English and Chinese."""
