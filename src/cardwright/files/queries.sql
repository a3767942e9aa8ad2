-- name: insert_content
-- Says which blob holds the bytes of a file.
insert into file_contents (account_id, file_id, digest, size_bytes)
values (:account_id, :file_id, :digest, :size_bytes);

-- name: get_content
-- The blob of a file.
select digest, size_bytes from file_contents where account_id = :account_id and file_id = :file_id;

-- name: list_links
-- The newest links of each of several files, one more than is shown.
select link.id
  from unnest(:file_ids::text[]) as wanted (file)
 cross join lateral (
       select id, created from file_links
        where account_id = :account_id and file = wanted.file
        order by created desc, id desc limit :count
       ) as link
 order by link.created desc, link.id desc;
