ALTER TABLE orders ADD COLUMN discount numeric;
ALTER TABLE orders ADD CONSTRAINT discount_check CHECK (discount >= 0) NOT VALID;
CREATE TABLE fresh (id int);
ALTER TABLE fresh ADD COLUMN discount numeric CHECK (discount >= 0);
