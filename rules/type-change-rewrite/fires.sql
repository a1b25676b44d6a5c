CREATE TABLE orders (id int, a smallint, b varchar(50), c text, d numeric(10, 2), e char(3), f json, g timestamptz(6), h real);
-- file: 002.sql
ALTER TABLE orders ALTER COLUMN id TYPE bigint;                -- want type-change-rewrite@20 "from integer to bigint"
ALTER TABLE orders ALTER a TYPE int, ALTER COLUMN b TYPE varchar(20);  -- want type-change-rewrite@20; type-change-rewrite@38 "character varying(20)"
ALTER TABLE orders ALTER COLUMN c TYPE varchar(100);           -- want type-change-rewrite "character varying(100)"
ALTER TABLE orders ALTER COLUMN d TYPE numeric(12, 4);         -- want type-change-rewrite
ALTER TABLE orders ALTER COLUMN e TYPE text;                   -- want type-change-rewrite
ALTER TABLE orders ALTER COLUMN f TYPE jsonb;                  -- want type-change-rewrite
ALTER TABLE orders ALTER COLUMN g TYPE timestamptz(0);         -- want type-change-rewrite
ALTER TABLE orders ALTER COLUMN h TYPE double precision;       -- want type-change-rewrite
-- file: 003.sql
ALTER TABLE unseen ALTER COLUMN x TYPE bigint;                 -- want type-change-rewrite "changing x to bigint"
