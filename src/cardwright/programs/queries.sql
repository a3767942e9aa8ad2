-- name: insert_program
-- A new program under an offering; the offering never changes and is not part of the object.
insert into programs
    (account_id, id, created, is_default, platform_program, offering, body)
values (:account_id, :id, :created, :is_default, :platform_program, :offering, :body);

-- name: get_offering
-- The name of a program's offering.
select offering from programs where account_id = :account_id and id = :id;

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
