UPDATE orders SET note = '';                      -- want delete-or-update-without-where@1 "updating every row of orders"
UPDATE ONLY shop."Orders" o SET a = 1, b = o.c WHERE true;  -- want delete-or-update-without-where "Orders"
DELETE FROM orders;                               -- want delete-or-update-without-where "loses its data"
DELETE FROM orders WHERE 1 = 1;                   -- want delete-or-update-without-where
-- want+2 delete-or-update-without-where@3
DO $$ BEGIN
  UPDATE orders SET counter = counter + 1;
END $$;
