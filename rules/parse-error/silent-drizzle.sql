-- fixture: layout=plain
-- file: 0001_groups.sql
CREATE TABLE groups (id uuid);--> statement-breakpoint
INSERT INTO groups SELECT gen_random_uuid()

--> statement-breakpoint
ALTER TABLE groups ADD COLUMN name text;
