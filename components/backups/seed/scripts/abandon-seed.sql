-- Removes what a run has begun, unless it is complete.
\getenv database DATABASE
\getenv mark MARK
\getenv role ROLE
SELECT format('DROP DATABASE %I WITH (FORCE)', datname)
  FROM pg_database
 WHERE datname = :'database' AND coalesce(shobj_description(oid, 'pg_database'), '') <> :'mark' || ' complete' \gexec
SELECT format('ALTER ROLE %I NOLOGIN PASSWORD NULL', rolname) FROM pg_roles WHERE rolname = :'role' AND shobj_description(oid, 'pg_authid') = :'mark' \gexec
