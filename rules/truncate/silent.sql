CREATE TABLE fresh (id bigint);
INSERT INTO fresh VALUES (1);
TRUNCATE fresh;
CREATE TEMP TABLE scratch (n int);
TRUNCATE TABLE scratch;
DELETE FROM orders WHERE id = 1;
