CREATE TABLE accounts (id bigint);
-- file: 002.sql
ALTER TABLE accounts ADD COLUMN state text NOT NULL DEFAULT 'new';
-- want+1 drop-default-after-add@22 "INSERTs of running code into accounts fail" safe `ALTER TABLE accounts ALTER COLUMN state DROP DEFAULT;`
ALTER TABLE accounts ALTER COLUMN state DROP DEFAULT;
-- file: 003.sql
ALTER TABLE accounts ADD COLUMN "Kind" int NOT NULL DEFAULT 0,
  ALTER COLUMN "Kind" DROP DEFAULT;                  -- want drop-default-after-add "Kind"
-- file: 004.sql
ALTER TABLE accounts ADD COLUMN late int DEFAULT 0;
ALTER TABLE accounts ALTER COLUMN late SET NOT NULL;
ALTER TABLE accounts ALTER COLUMN late DROP DEFAULT; -- want drop-default-after-add
