"""What the company has from before: exported tickets, chats and call records."""
