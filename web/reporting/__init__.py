"""The managers' report as page and files, and what it needs beside the books."""
