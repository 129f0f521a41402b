-- SPDX-License-Identifier: Apache-2.0
-- Copyright The Millrace Authors
--
-- The tables of pekko-persistence-jdbc that Millrace uses, in the first schema of the search path.

CREATE TABLE IF NOT EXISTS event_journal (
  ordering BIGSERIAL,
  persistence_id VARCHAR(255) NOT NULL,
  sequence_number BIGINT NOT NULL,
  deleted BOOLEAN DEFAULT FALSE NOT NULL,
  writer VARCHAR(255) NOT NULL,
  write_timestamp BIGINT,
  adapter_manifest VARCHAR(255),
  event_ser_id INTEGER NOT NULL,
  event_ser_manifest VARCHAR(255) NOT NULL,
  event_payload BYTEA NOT NULL,
  meta_ser_id INTEGER,
  meta_ser_manifest VARCHAR(255),
  meta_payload BYTEA,
  PRIMARY KEY (persistence_id, sequence_number)
);

CREATE UNIQUE INDEX IF NOT EXISTS event_journal_ordering_idx ON event_journal (ordering);

-- What is worth compressing is compressed before it comes here.
ALTER TABLE event_journal ALTER COLUMN event_payload SET STORAGE EXTERNAL;

CREATE TABLE IF NOT EXISTS event_tag (
  event_id BIGINT REFERENCES event_journal (ordering) ON DELETE CASCADE,
  tag VARCHAR(256),
  PRIMARY KEY (event_id, tag)
);

CREATE TABLE IF NOT EXISTS snapshot (
  persistence_id VARCHAR(255) NOT NULL,
  sequence_number BIGINT NOT NULL,
  created BIGINT NOT NULL,
  snapshot_ser_id INTEGER NOT NULL,
  snapshot_ser_manifest VARCHAR(255) NOT NULL,
  snapshot_payload BYTEA NOT NULL,
  meta_ser_id INTEGER,
  meta_ser_manifest VARCHAR(255),
  meta_payload BYTEA,
  PRIMARY KEY (persistence_id, sequence_number)
);

-- A deleted row gives its number back, and a writer that was asleep could take it, behind all that its successor has
-- written. Deletion always leaves the newest deleted row, so whoever is behind finds a row before him. The look is taken
-- after the insertion: who could insert because of a deletion sees what was there before the deletion.
CREATE OR REPLACE FUNCTION millrace_keep_order() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT FROM event_journal
             WHERE persistence_id = NEW.persistence_id AND sequence_number > NEW.sequence_number) THEN
    RAISE EXCEPTION 'event % of % is behind those of another writer', NEW.sequence_number, NEW.persistence_id
      USING ERRCODE = 'MR001';
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS millrace_keeps_order ON event_journal;
CREATE TRIGGER millrace_keeps_order AFTER INSERT ON event_journal
  FOR EACH ROW EXECUTE FUNCTION millrace_keep_order();
