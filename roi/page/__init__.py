"""What the managers' report says, in order and in the reader's language: a page of sections that HTML and paper place.

May import roi only; whoever serves or prints it adds what other rooms know (Findings) and where links lead (Links).
"""
