-- fixture: transaction=per_file
CREATE TABLE replies (id int PRIMARY KEY, at timestamptz);
-- file: 002.sql
-- The table has rows, but nobody knows it before this migration has ended.
CREATE TABLE inbox AS SELECT at, id AS reply FROM replies;
CREATE TABLE copied (id int, at timestamptz);
INSERT INTO copied SELECT id, at FROM replies;
ALTER TABLE inbox ADD COLUMN id int GENERATED ALWAYS AS IDENTITY, ALTER COLUMN at SET NOT NULL;
ALTER TABLE copied ADD PRIMARY KEY (id), ADD UNIQUE (at, id), ADD CONSTRAINT positive CHECK (id > 0), ALTER COLUMN at SET NOT NULL;
ALTER TABLE copied ALTER COLUMN id TYPE bigint;
