CREATE TABLE orders (id bigint);
CREATE TABLE shops (id bigint);
-- file: 002.sql
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;             -- want rls-enabled-no-policy@20 "hides every row of orders"
CREATE POLICY p ON shops USING (true);
