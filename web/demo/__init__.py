"""The demo month: made-up customers, the real agent, every row marked as demo."""
