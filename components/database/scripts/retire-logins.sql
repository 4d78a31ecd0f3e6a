-- Ends the logins of a database whose number is below one's own, and the password that its owner began with. Logins of later numbers
-- are left alone: the next rotation may have begun. May run again at any time. psql 15 or later.
\set ON_ERROR_STOP on
\getenv first FIRST_ROLE
\getenv number LOGIN_NUMBER
\getenv store STORE
\getenv started STARTED
\getenv administrator NEW_ADMINISTRATOR_PASSWORD
SET client_min_messages = warning;
SET search_path = pg_catalog, pg_temp;

SELECT NOT rolsuper AS needs_membership, rolname = :'first' AS is_first FROM pg_roles WHERE rolname = current_user \gset
CREATE TEMP TABLE old AS
SELECT oid, rolname FROM pg_roles
 WHERE shobj_description(oid, 'pg_authid') ~ '^django-on-kubernetes login of=.* number=[0-9]{1,4}$'
   AND starts_with(shobj_description(oid, 'pg_authid'), format('django-on-kubernetes login of=%s number=', :'first'))
   AND substring(shobj_description(oid, 'pg_authid') FROM ' number=([0-9]{1,4})$')::int < :number;

SELECT format('ALTER ROLE %I NOLOGIN PASSWORD NULL', rolname) FROM old \gexec
-- Before the first role may act as they do: two roles are not members of each other.
SELECT format('REVOKE %I FROM %I', pg_get_userbyid(roleid), rolname)
  FROM pg_auth_members JOIN old ON member = old.oid WHERE pg_get_userbyid(roleid) IN (:'first', :'first' || '_owner') \gexec
\if :needs_membership
SELECT format('GRANT %I TO %I', rolname, current_user) FROM old \gexec
\endif
-- Their pods have had their time: who is still there is a shell that somebody left open.
SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity JOIN old ON usesysid = old.oid \gset
-- What was made in spite of SET ROLE.
SELECT format('REASSIGN OWNED BY %I TO %I', rolname,
              (SELECT coalesce((SELECT rolname FROM pg_roles WHERE rolname = :'first' || '_owner'), :'first')))
  FROM old WHERE EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = old.oid AND deptype = 'o') \gexec
SELECT format('DROP OWNED BY %I', rolname) FROM old \gexec
-- One that still owns something in another database stays, without a login.
SELECT format('DROP ROLE %I', rolname)
  FROM old WHERE NOT EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = old.oid) \gexec

-- The first role was the app's until there were numbers: from now on nobody but these jobs knows its password, or it has none.
\if :is_first
SELECT format('ALTER ROLE %I PASSWORD %L', :'first', :'administrator') \gexec
\else
SELECT format('ALTER ROLE %I NOLOGIN PASSWORD NULL', :'first') \gexec
\endif
\pset format unaligned
\pset tuples_only on
SELECT json_build_object('kind', 'rotation', 'store', :'store', 'started', :'started',
                         'ended', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'result', 'succeeded',
                         'what', format('The login of the number %s is the only one: %s before it ended, with %s sessions.',
                                        :number, (SELECT count(*) FROM old), :ended));
