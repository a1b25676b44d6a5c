-- fixture: transaction=per_file
CREATE TABLE replies (id int PRIMARY KEY, at timestamptz);
-- file: 002.sql
-- Nobody knows the new table yet, but writers of replies wait while all its rows are looked up.
CREATE TABLE inbox AS SELECT at, id AS reply FROM replies;
CREATE TABLE boxes (id int PRIMARY KEY);
-- want+1 add-fk-not-not-valid "checks every row of inbox while writes to replies are blocked"
ALTER TABLE inbox ADD CONSTRAINT inbox_reply_fkey FOREIGN KEY (reply) REFERENCES replies;
ALTER TABLE inbox ADD COLUMN box int DEFAULT 1, ADD CONSTRAINT inbox_box_fkey FOREIGN KEY (box) REFERENCES boxes;
