CREATE TABLE accounts (id bigint PRIMARY KEY, email text UNIQUE, state text);
INSERT INTO accounts VALUES (1, 'a', 'b');
UPDATE accounts SET state = 'c' WHERE state = 'b';
-- file: 002.sql
UPDATE accounts SET state = 'c' WHERE id = 1;
UPDATE accounts SET state = 'c' WHERE id IN (1, 2, 3);
UPDATE accounts SET state = 'c' WHERE email = 'a' AND state = 'b';
DELETE FROM accounts WHERE id >= 1 AND id < 1000 AND state = 'b';
DELETE FROM accounts WHERE id BETWEEN 1 AND 1000;
UPDATE accounts SET state = 'c' WHERE id IN (SELECT id FROM accounts WHERE state = 'b' LIMIT 1000);
UPDATE unknown SET state = 'c' WHERE id = 7;
