"""Cardholders: who cards are issued to. The exemplary feature: copy its form.

``model`` says the resource once, ``rules`` decides, ``flows`` are the verbs on a transaction,
``api`` declares the operations.
"""
