-- want+1 not-valid-validate-same-transaction@81 "validating c"
ALTER TABLE orders ADD CONSTRAINT c CHECK (total >= 0) NOT VALID,               VALIDATE CONSTRAINT c;
BEGIN;
ALTER TABLE orders ADD CONSTRAINT d CHECK (total >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT d;                -- want not-valid-validate-same-transaction "validating d"
COMMIT;
