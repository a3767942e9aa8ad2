"""Card issuing on connected accounts: self-hosted, stateful and wire-compatible."""
