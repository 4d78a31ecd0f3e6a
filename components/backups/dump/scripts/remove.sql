-- Removes what is in the database, within the transaction that brings the new content: schemas, and of `public` what is in it. Extensions
-- and what is theirs stay; the new content asks for them where they are not there.
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_catalog.pg_namespace
         WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend WHERE classid = 'pg_catalog.pg_namespace'::regclass AND objid = pg_namespace.oid AND deptype = 'e')
           -- One that holds an extension would take it away, and who put it there may have had more rights.
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extnamespace = pg_namespace.oid)
    LOOP
        EXECUTE statement;
    END LOOP;
    -- With CASCADE one takes others along: each is looked for when its turn comes.
    LOOP
        SELECT format('DROP %s %s CASCADE', kind, identity) INTO statement
          FROM (SELECT 'pg_catalog.pg_class'::regclass AS classid, oid AS objid, relnamespace AS namespace,
                       CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE'
                                    WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END AS kind
                  FROM pg_catalog.pg_class
                 WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend WHERE classid = 'pg_catalog.pg_class'::regclass AND objid = pg_class.oid
                                      AND relkind = 'S' AND deptype IN ('a', 'i'))
                UNION ALL
                SELECT 'pg_catalog.pg_proc'::regclass, oid, pronamespace, 'ROUTINE' FROM pg_catalog.pg_proc
                UNION ALL
                SELECT 'pg_catalog.pg_type'::regclass, oid, typnamespace, CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END
                  FROM pg_catalog.pg_type WHERE typtype IN ('e', 'd', 'r')
                UNION ALL
                SELECT 'pg_catalog.pg_collation'::regclass, oid, collnamespace, 'COLLATION' FROM pg_catalog.pg_collation
                UNION ALL
                SELECT 'pg_catalog.pg_ts_config'::regclass, oid, cfgnamespace, 'TEXT SEARCH CONFIGURATION' FROM pg_catalog.pg_ts_config
                UNION ALL
                SELECT 'pg_catalog.pg_ts_dict'::regclass, oid, dictnamespace, 'TEXT SEARCH DICTIONARY' FROM pg_catalog.pg_ts_dict) AS things,
               pg_catalog.pg_namespace,
               LATERAL pg_catalog.pg_identify_object(things.classid, things.objid, 0) AS found
         WHERE pg_namespace.oid = things.namespace AND nspname !~ '^pg_' AND nspname <> 'information_schema'
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend
                            WHERE pg_depend.classid = things.classid AND pg_depend.objid = things.objid AND deptype = 'e')
         LIMIT 1;
        EXIT WHEN NOT FOUND;
        EXECUTE statement;
    END LOOP;
    PERFORM pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata;
END $$;
