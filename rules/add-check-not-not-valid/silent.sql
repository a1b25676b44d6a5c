ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID;
CREATE TABLE fresh (total int);
ALTER TABLE fresh ADD CONSTRAINT total_positive CHECK (total >= 0);
ALTER TABLE fresh ADD CONSTRAINT one UNIQUE (total);
-- file: 002.sql
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;
