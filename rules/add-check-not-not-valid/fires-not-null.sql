-- fixture: pg=18
ALTER TABLE orders ADD CONSTRAINT note_given NOT NULL note;     -- want add-check-not-not-valid "note_given"
