-- Ends a seed, as the administrator: nobody logs in to it any more, and then, in one statement, it is what new environments begin with.
-- Older ones go where nobody copies them.
\getenv seed SEED
\getenv mark MARK
\getenv role ROLE
\getenv database DATABASE
\getenv keep KEEP
SET client_min_messages = warning;
SELECT format('ALTER ROLE %I NOLOGIN PASSWORD NULL', :'role') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM %I', :'database', :'role') \gexec
SELECT format('COMMENT ON DATABASE %I IS %L', :'database', :'mark' || ' complete') \gexec

-- One that is being copied is in use until the copy is there: the next run takes it.
SET lock_timeout = '5s';
\set ON_ERROR_STOP off
SELECT format('DROP DATABASE %I', datname)
  FROM pg_database
 WHERE datname ~ ('^' || :'seed' || '_[0-9]{14}$') AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
   AND shobj_description(oid, 'pg_database') = :'mark' || ' complete'
 ORDER BY datname DESC OFFSET :'keep'::int \gexec
SELECT count(*) FROM pg_database
 WHERE datname ~ ('^' || :'seed' || '_[0-9]{14}$') AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
   AND shobj_description(oid, 'pg_database') = :'mark' || ' complete';
