-- file: 002.sql
ALTER TABLE orders RENAME TO purchases;                               -- want rename-table as warning
-- file: 002.down.sql
ALTER TABLE purchases RENAME TO orders;                               -- want rename-table as info
ALTER TABLE shops RENAME TO stores;                                   -- want rename-table as warning
