"""Which entry answers a question, and with what probability: signals, classifier, calibration."""
