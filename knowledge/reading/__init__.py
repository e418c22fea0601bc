"""Files and pages a company has become entries: one reader a format, and problems named by line or page."""
