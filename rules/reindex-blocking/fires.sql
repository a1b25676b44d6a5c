REINDEX TABLE orders;                 -- want reindex-blocking@15 "indexes of orders"
REINDEX INDEX shop."I";               -- want reindex-blocking@15 "its table"
REINDEX SCHEMA shop;                  -- want reindex-blocking@1 "REINDEX SCHEMA shop"
REINDEX (VERBOSE) DATABASE shop;      -- want reindex-blocking "one table after the other"
-- file: 002.sql
CREATE TABLE accounts (id bigint PRIMARY KEY);
-- file: 003.sql
REINDEX INDEX accounts_pkey;          -- want reindex-blocking "blocks writes to accounts"
