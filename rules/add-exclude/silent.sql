CREATE TABLE bookings_new (room int, during tsrange, CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&));
ALTER TABLE bookings_new ADD CONSTRAINT again EXCLUDE USING gist (during WITH &&);
