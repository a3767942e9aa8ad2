-- Which migrations this database has seen, and with what content.
create table schema_migrations (
    name text collate "C" primary key,
    checksum text collate "C" not null,
    applied_ms bigint not null
);

-- Facts about the installation as a whole, such as the fingerprint of its vault key.
create table installation (
    name text collate "C" primary key,
    value text not null
);
