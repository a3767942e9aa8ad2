"""Test environments: platforms made for a test run, set back, copied and removed by a call."""
