ALTER TABLE orders RENAME TO purchases;                  -- want rename-table@1 "renaming table orders to purchases"
ALTER TABLE IF EXISTS shop."Orders" RENAME TO "P";       -- want rename-table
ALTER VIEW totals RENAME TO sums;                        -- want rename-table "view totals"
-- file: 002.sql
-- Without a transaction there is a moment without the table.
ALTER TABLE a RENAME TO a_old;                           -- want rename-table
ALTER TABLE a_new RENAME TO a;                           -- want rename-table
