-- name: is_environment
-- Whether a platform is an environment itself.
select exists (select 1 from environments where account = :account);

-- name: describe_tables
-- Every table whose rows belong to accounts, with its columns, their types and its primary key.
select class.relname::text as name,
       array_agg(attribute.attname::text order by attribute.attnum) as columns,
       array_agg(format_type(attribute.atttypid, attribute.atttypmod) order by attribute.attnum)
           as types,
       coalesce((select array_agg(part.attname::text order by place.n)
                   from pg_constraint key
                  cross join unnest(key.conkey) with ordinality as place(number, n)
                   join pg_attribute part
                     on part.attrelid = class.oid and part.attnum = place.number
                  where key.conrelid = class.oid and key.contype = 'p'), '{}') as key
  from pg_class class
  join pg_attribute attribute
    on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
   and attribute.attgenerated = ''
 where class.relnamespace = 'public'::regnamespace and class.relkind in ('r', 'p')
   and not class.relispartition
 group by class.oid, class.relname
having 'account_id' = any(array_agg(attribute.attname::text))
 order by class.relname;

-- name: snapshot_accounts
-- The accounts that were there when a snapshot was made.
select content ->> 'account_id' as account_id
  from environment_snapshot_rows
 where account_id = :account_id and snapshot = :snapshot and table_name = 'tenants';

-- name: snapshot_clocks
-- The clocks that were there when a snapshot was made.
select content ->> 'id' as id
  from environment_snapshot_rows
 where account_id = :account_id and snapshot = :snapshot and table_name = 'clocks';

-- name: delete_snapshot_rows
-- Remove the rows of a snapshot.
delete from environment_snapshot_rows where account_id = :account_id and snapshot = :snapshot;

-- name: delete_rows_of_environment
-- Remove the rows of every snapshot of an environment.
delete from environment_snapshot_rows held
 using environment_snapshots snapshot
 where snapshot.account_id = :account_id and snapshot.environment = :environment
   and held.account_id = snapshot.account_id and held.snapshot = snapshot.id;

-- name: delete_snapshots_of_environment
-- Remove every snapshot of an environment.
delete from environment_snapshots where account_id = :account_id and environment = :environment;

-- name: list_snapshots
-- The snapshots of an environment, newest first.
select id from environment_snapshots
 where account_id = :account_id and environment = :environment
 order by created desc, id desc limit :limit;
