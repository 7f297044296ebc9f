-- Which thing of the world a job waits for, as the program tells things apart;
-- waiting_item is for people.
ALTER TABLE jobs ADD COLUMN waiting_key TEXT;
