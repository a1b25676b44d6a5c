CREATE TABLE fresh (a int);
INSERT INTO fresh VALUES (1);
UPDATE fresh SET a = 2;
DELETE FROM fresh;
CREATE TEMP TABLE scratch AS SELECT 1 AS n;
UPDATE scratch SET n = 2;
UPDATE orders SET note = '' WHERE id = 1;
DELETE FROM orders USING customers WHERE customers.id = orders.customer;
UPDATE orders SET note = c.note FROM customers c WHERE c.id = orders.customer;
CREATE TABLE emptied (a int);
-- file: 002.sql
TRUNCATE emptied;
UPDATE emptied SET a = 1;
