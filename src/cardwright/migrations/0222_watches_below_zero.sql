-- A book that gave back more than it took is below zero, and so may be what is waited for: refunds
-- without a capture take card spend there.
alter table ledger_watches drop constraint ledger_watches_threshold_minor_check;
