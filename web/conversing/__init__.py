"""What every door shares of a conversation: how it is kept, followed, told and handed from one to the other."""
