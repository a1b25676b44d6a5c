ALTER TABLE orders RENAME COLUMN note TO remark;          -- want rename-column@1 "renaming column note of orders to remark"
ALTER TABLE shop."Orders" RENAME "Note" TO remark;        -- want rename-column "Note"
ALTER VIEW totals RENAME COLUMN a TO b;                   -- want rename-column "totals"
-- file: 002.sql
CREATE TABLE accounts (id bigint, name text);
-- file: 003.sql
ALTER TABLE accounts RENAME COLUMN name TO title;         -- want rename-column
-- file: 003.down.sql
ALTER TABLE accounts RENAME COLUMN title TO name;         -- want rename-column
