-- fixture: pg=18
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0) NOT ENFORCED;
ALTER TABLE orders ADD CONSTRAINT note_given NOT NULL note NOT VALID;
