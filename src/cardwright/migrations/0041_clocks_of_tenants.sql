-- The few accounts that follow a virtual clock, and the few clocks that are moving.
create index tenants_by_clock on tenants (platform_id, clock_id) where clock_id is not null;
create index clocks_advancing on clocks (account_id, id) where status = 'advancing';
