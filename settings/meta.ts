// What a setting says of itself beside its form. The tables of docs/settings.md, settings.schema.json and so the editors read it:
// `npm run docs` after a change. `description` is zod's own.
declare module "zod" {
    interface GlobalMeta {
        /** What the tables call the type; explained above them. */
        typeName?: string;
        /** What is allowed, in the words of the error message. */
        allowed?: string;
        /** For editors, of what only a function can check: all that is right matches it. */
        pattern?: string;
        /** Of a number. */
        unit?: string;
        /** What holds when nothing is set, where the value comes later in the program, or its words say more than itself. */
        defaultsTo?: string;
        /** The section whose settings stand here too. */
        sameAs?: string;
    }
}

export {};
