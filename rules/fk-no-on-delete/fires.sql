CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);                       -- want fk-no-on-delete@60 "deleting a row of orders does"
CREATE TABLE notes (a int, b int, FOREIGN KEY (a, b) REFERENCES shop."Keys" (a, b) MATCH FULL DEFERRABLE);   -- want fk-no-on-delete@35 "the foreign key of notes"
ALTER TABLE lines ADD CONSTRAINT lines_note_fkey FOREIGN KEY (note_id) REFERENCES notes (id) ON UPDATE CASCADE NOT VALID;   -- want fk-no-on-delete@23
ALTER TABLE lines ADD COLUMN parent_id bigint REFERENCES lines DEFERRABLE INITIALLY DEFERRED;        -- want fk-no-on-delete@47
