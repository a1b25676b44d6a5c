-- fixture: transaction=per_file
CREATE TABLE likes (id bigint PRIMARY KEY, at timestamptz);
-- file: 002.sql
-- Nobody waits for the new table, but all wait for the old one while the new one's rows are read.
CREATE TABLE actions AS SELECT id, at FROM likes;
DROP TABLE likes;
ALTER TABLE actions ALTER COLUMN id SET NOT NULL;            -- want statement-after-access-exclusive "reads and writes of likes stay blocked while every row of actions is read"
