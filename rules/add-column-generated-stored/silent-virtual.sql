-- fixture: pg=18
ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.19) VIRTUAL;
ALTER TABLE orders ADD COLUMN gross2 numeric GENERATED ALWAYS AS (net * 1.19);
