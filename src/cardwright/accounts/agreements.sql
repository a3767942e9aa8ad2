-- name: version_in_force
-- The version of a platform's terms that was in force when something was accepted.
select version from terms_versions
 where account_id = :platform_id and published_ms <= :accepted_ms
   and (agreement = :agreement or starts_with(:agreement, agreement || '.'))
 order by length(agreement) desc, published_ms desc, id desc limit 1;

-- name: version_exists
-- Whether a version of terms was published before.
select id from terms_versions
 where account_id = :platform_id and agreement = :agreement and version = :version;
