-- Jobs that were asked for together share a group in their metadata.
CREATE INDEX jobs_group ON jobs (json_extract(metadata, '$.group')) WHERE json_extract(metadata, '$.group') IS NOT NULL;
