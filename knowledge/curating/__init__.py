"""The editor's work made light: gaps, drafts, duplicates, announcements and today's trouble."""
