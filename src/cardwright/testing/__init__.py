"""Tests of applications: a pytest plugin over a server, with a fresh environment for each test.

The plugin gives two fixtures: ``cardwright`` (a fresh environment, see ``environment.Cardwright``)
and ``cardwright_server`` (the server of the run, see ``server.Server``). Nothing is imported and
nothing started before a test asks for one of them.
"""
