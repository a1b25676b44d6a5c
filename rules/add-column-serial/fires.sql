ALTER TABLE orders ADD COLUMN position bigserial;          -- want add-column-serial@20 "bigserial"
ALTER TABLE IF EXISTS "Orders" ADD "Position" SERIAL;      -- want add-column-serial@32 "of type serial"
