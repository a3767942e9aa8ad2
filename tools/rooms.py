"""The line of rooms: each may know what stands before it, none what stands behind."""

LINE = (
    "kernel tenancy wire request_log currencies ledger events files accounts notices funding "
    "financial_accounts programs designs credit cardholders cards tokens bureau authorizations "
    "transactions disputes bookkeeping compliance hosted environments faults simulator "
    "local_development gateway issuing_elements dashboard settings app roles cli testing"
).split()
