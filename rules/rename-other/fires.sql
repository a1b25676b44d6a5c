CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * x';
CREATE TABLE orders (id bigint);
CREATE SCHEMA shop;
-- file: 002.sql
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';           -- want rename-other "renaming value 'ok' of mood to 'fine'" safe `ADD VALUE 'fine' AFTER 'ok'`
ALTER TYPE mood RENAME TO feeling;                     -- want rename-other "renaming type mood to feeling"
ALTER FUNCTION twice(int) RENAME TO double;            -- want rename-other "renaming function twice"
ALTER TABLE orders SET SCHEMA shop;                    -- want rename-other "moving table orders to schema shop" safe `CREATE VIEW orders AS SELECT * FROM shop.orders;`
ALTER SCHEMA shop RENAME TO store;                     -- want rename-other "schema shop"
