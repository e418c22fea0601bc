"""Charts of the report as drawings: pure functions of small frozen figures, for a page's SVG and for paper alike.

A drawing keeps its words apart from its shapes, so that paper sets them in its own type. Colours are classes of the
page's style sheet; a colour never says what a word or a shape does not say too.
"""
