-- name: insert_requests
-- Log a batch of requests.
insert into request_log (account_id, id, acting_id, created_ms, duration_ms, method, path, status,
                         api_version, key, idempotency_key, client_ip, detail)
select account_id, id, acting_id, created_ms, duration_ms, method, path, status, api_version, key,
       idempotency_key, client_ip, detail
  from unnest(:account_ids::text[], :ids::text[], :acting_ids::text[], :created_ms::bigint[],
              :durations::integer[], :methods::text[], :paths::text[], :statuses::integer[],
              :api_versions::text[], :keys::text[], :idempotency_keys::text[],
              :client_ips::text[], :details::bytea[])
       as given(account_id, id, acting_id, created_ms, duration_ms, method, path, status,
                api_version, key, idempotency_key, client_ip, detail)
on conflict do nothing;

-- name: get_request
-- One request of a platform.
select id, acting_id, created_ms, duration_ms, method, path, status, api_version, key,
       idempotency_key, client_ip, detail
  from request_log where account_id = :account_id and id = :id;

-- name: list_requests
-- Requests of a platform that fit, newest first, before a cursor.
select id, acting_id, created_ms, duration_ms, method, path, status, api_version, key,
       idempotency_key, client_ip, detail
  from request_log
 where account_id = :account_id
   and (:before::text is null or id < :before)
   and (:after::text is null or id > :after)
   and (:methods::text[] is null or method = any(:methods))
   and (:path::text is null or path = :path or starts_with(path, :path || '/'))
   and status between :status_low and :status_high
   and (:acting_id::text is null or acting_id = :acting_id)
   and (:client_ip::text is null or client_ip = :client_ip)
 order by id desc limit :limit;

-- name: list_requests_forwards
-- Requests of a platform that fit, oldest first, after a cursor.
select id, acting_id, created_ms, duration_ms, method, path, status, api_version, key,
       idempotency_key, client_ip, detail
  from request_log
 where account_id = :account_id and id > :after::text
   and (:methods::text[] is null or method = any(:methods))
   and (:path::text is null or path = :path or starts_with(path, :path || '/'))
   and status between :status_low and :status_high
   and (:acting_id::text is null or acting_id = :acting_id)
   and (:client_ip::text is null or client_ip = :client_ip)
 order by id limit :limit;

-- name: purge_requests
-- Remove requests made before an id.
delete from request_log using tenants tenant
 where request_log.account_id = tenant.account_id and request_log.id < :oldest;
