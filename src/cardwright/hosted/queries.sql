-- name: insert_link
-- A new link; it has not been opened.
insert into account_links
    (account_id, token_hash, api, use_case, fields, future_requirements, configurations, refresh_url,
     return_url, created_ms, expires_ms, body)
values (:account_id, :token_hash, :api, :use_case, :fields, :future_requirements, :configurations,
        :refresh_url, :return_url, :created_ms, :expires_ms, :body);

-- name: open_link
-- Exchange an unopened, unexpired link for a session; it touches no row the second time.
update account_links
   set session_hash = :session_hash, session_expires_ms = :session_expires_ms
 where account_id = :account_id and token_hash = :token_hash
   and session_hash is null and expires_ms > :now_ms;

-- name: get_link
-- A link by the hash of its token.
select api, use_case, fields, future_requirements, configurations, refresh_url, return_url,
       created_ms, expires_ms, session_hash, session_expires_ms, body
  from account_links where account_id = :account_id and token_hash = :token_hash;

-- name: mark_returned
-- Remember that the account holder left for the return address, the first time only.
update account_links set returned_ms = :returned_ms
 where account_id = :account_id and token_hash = :token_hash and returned_ms is null;
