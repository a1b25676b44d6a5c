CREATE DOMAIN email AS varchar(80) CHECK (VALUE LIKE '%@%') CHECK (length(VALUE) > 3);
CREATE DOMAIN amount AS numeric(10, 2) NOT NULL DEFAULT 0;
CREATE DOMAIN code AS text NOT NULL;
CREATE DOMAIN short_email AS email CHECK (length(VALUE) < 20);
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: 002.sql
-- want+1 add-column-constrained-domain@19 "adding column contact of domain email rewrites users" safe `CHECK ((contact LIKE '%@%') AND (length(contact) > 3)) NOT VALID;`
ALTER TABLE users ADD COLUMN contact email;
-- want+1 add-column-constrained-domain safe `ADD COLUMN total numeric(10,2) DEFAULT 0 NOT NULL;`
ALTER TABLE users ADD COLUMN total amount;
-- want+1 add-column-constrained-domain@47 "adding column other of domain short_email rewrites users" safe `ADD COLUMN other character varying(80) DEFAULT 'a@b.c';`
ALTER TABLE users ADD COLUMN plain text,      ADD COLUMN other short_email DEFAULT 'a@b.c';
-- file: 003.sql
-- want+1 add-column-constrained-domain "adding column code of domain code, which allows no nulls and has no default, fails as soon as users has a row" safe `ALTER TABLE users ALTER COLUMN code SET NOT NULL;`
ALTER TABLE users ADD COLUMN code code;
