-- name: decisions_of
-- What the decisions on an authorization looked at.
select decisions::text from authorizations
 where account_id = :account_id and id = :authorization_id;

-- name: answers_of
-- Every answer about an authorization, in the order in which they came.
select source, verdict, late, message, asked_ms, received_ms, endpoint, http_status, amount_minor,
       transfer_id
  from authorization_answers
 where account_id = :account_id and authorization_id = :authorization_id
 order by id;

-- name: question_of
-- The question about an authorization that is open.
select asked_ms, endpoint from authorization_questions
 where account_id = :account_id and authorization_id = :authorization_id;

-- name: owner_of
-- The account of a platform that has an authorization.
select tenant.account_id
  from tenants tenant
  join authorizations found on found.account_id = tenant.account_id and found.id = :authorization_id
 where tenant.platform_id = :platform_id;
