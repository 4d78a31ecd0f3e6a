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

-- One that is being copied, or that somebody looks at, is in use: the next run takes it. Who copies holds a lock and is not connected.
SET lock_timeout = '5s';
\set ON_ERROR_STOP off
SELECT format('DROP DATABASE %I', datname)
  FROM pg_database
 WHERE datname ~ ('^' || :'seed' || '_[0-9]{14}$') AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
   AND shobj_description(oid, 'pg_database') = :'mark' || ' complete'
   AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE datid = pg_database.oid)
   AND (SELECT count(*) FROM pg_database AS newer
         WHERE newer.datname > pg_database.datname AND newer.datdba = pg_database.datdba
           AND shobj_description(newer.oid, 'pg_database') = :'mark' || ' complete') >= :'keep'::int \gexec
SELECT count(*) FROM pg_database
 WHERE datname ~ ('^' || :'seed' || '_[0-9]{14}$') AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
   AND shobj_description(oid, 'pg_database') = :'mark' || ' complete';
