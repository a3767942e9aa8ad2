"""Tests of designs and bundles of physical cards."""
