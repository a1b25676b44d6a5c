DROP TABLE orders;                                -- want drop-table@12 "table orders"
DROP TABLE IF EXISTS shop."Orders", customers CASCADE;  -- want drop-table@22 "Orders"; drop-table@37 "customers"
DROP TABLE orders_deprecated;                     -- want drop-table
-- want+2 drop-table@14
DO $$ BEGIN
  DROP TABLE invoices;
END $$;
-- file: 002.sql
CREATE TABLE accounts (id bigint);
-- file: 002.down.sql
DROP TABLE accounts;
DROP TABLE customers2;                            -- want drop-table
-- file: 003.sql
DROP TABLE accounts;                              -- want drop-table
