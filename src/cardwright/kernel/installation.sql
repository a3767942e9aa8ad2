-- name: schema_table
-- Whether any migration was ever applied to this database.
select to_regclass('schema_migrations') is not null;

-- name: applied_migrations
-- What was applied, in order.
select name, checksum from schema_migrations order by name;

-- name: record_migration
-- Remember an applied file with its checksum.
insert into schema_migrations (name, checksum, applied_ms)
values (:name, :checksum, :applied_ms);

-- name: lock_installation
-- One migrating or provisioning process at a time, until its transaction ends.
select pg_advisory_xact_lock(:key);

-- name: installation_values
-- Everything recorded about this installation.
select name, value from installation order by name;

-- name: record_installation_value
-- Record a fact about this installation; the first one stays.
insert into installation (name, value) values (:name, :value)
on conflict (name) do nothing;

-- name: installation_value
-- One fact recorded about this installation.
select value from installation where name = :name;
