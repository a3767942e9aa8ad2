-- Flags come and go with every event: what is gone is cleared away before it slows the look.
alter table events_pending
  set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table deliveries set (autovacuum_vacuum_scale_factor = 0.02);
