-- name: insert_programs
-- New programs under offerings; the offering never changes and is not part of the object.
insert into programs
    (account_id, id, created, is_default, platform_program, offering, terms, body)
select :account_id, given.id, :created, given.is_default, given.platform_program, given.offering,
       given.terms::jsonb, given.body::jsonb
  from unnest(:ids::text[], :defaults::boolean[], :platform_programs::text[], :offerings::text[],
              :terms::text[], :bodies::text[])
       given (id, is_default, platform_program, offering, terms, body);

-- name: get_terms
-- What a program issues; closed if it is, or the platform's that it follows.
select program.offering, program.terms,
       program.closed or coalesce(followed.closed, false) as closed
  from programs program
  left join programs followed
    on followed.account_id = :platform_id and followed.id = program.platform_program
 where program.account_id = :account_id and program.id = :id;

-- name: platform_programs
-- Every program of a platform's own, with what it issues, oldest first.
select id, offering, terms, closed from programs
 where account_id = :account_id and platform_program is null order by created, id;

-- name: close_program
-- Let a program of the platform issue no more, or again.
update programs set closed = :closed where account_id = :account_id and id = :id;

-- name: lock_programs
-- Every program of an account, locked in the order of ids before its default moves.
select id, is_default, platform_program from programs
 where account_id = :account_id order by id for no key update;

-- name: clear_default
-- Take the default away from whichever program of the account has it.
update programs set is_default = false where account_id = :account_id and is_default;

-- name: default_program
-- The program that new cards of the account are issued under.
select id from programs where account_id = :account_id and is_default;
