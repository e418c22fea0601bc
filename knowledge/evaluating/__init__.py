"""How well questions find their answers, measured as `dime evaluate` promises it."""
