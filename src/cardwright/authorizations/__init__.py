"""Authorizations: what a card is asked to pay, decided in the lanes.

``model`` says the resource once; ``rules`` and ``spending`` decide, without storage; ``lanes``
make decisions durable in batches; ``flows`` are the verbs that come later in its life.
"""
