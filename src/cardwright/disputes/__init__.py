"""Disputes: card payments that the cardholder contests with the network."""
