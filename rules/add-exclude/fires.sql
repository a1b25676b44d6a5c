ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);     -- want add-exclude@22 "no_overlap"
