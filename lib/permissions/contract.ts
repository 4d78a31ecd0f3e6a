// What a cloud asks of who makes, reads, changes or deletes a resource.

/** What is done to a resource: by `up` all of it, by `preview --refresh` and `refresh` reading, by `destroy` reading and deleting. */
export const deeds = ["read", "create", "update", "delete"] as const;
export type Deed = (typeof deeds)[number];

/** The commands, by what they do to resources. A plain `preview` reads the state and asks the cloud for nothing. */
export const commands = {
    preview: ["read"],
    up: deeds,
    destroy: ["read", "delete"],
} as const satisfies Readonly<Record<string, readonly Deed[]>>;
export type CommandName = keyof typeof commands;

/** Words as the cloud writes them: actions, permissions, scopes. */
export type Permissions = Readonly<Record<Deed, readonly string[]>>;

export type PermissionTable = Readonly<Record<string, Permissions>>;

/**
 * @param prefix goes before each word that has none of its own, for example `ec2:`
 * @param words by what is done, with spaces between them
 */
export function permissions(prefix: string, words: Partial<Record<Deed, string>>): Permissions {
    const listed = (text = ""): string[] =>
        text
            .split(/\s+/)
            .filter((word) => word !== "")
            .map((word) => (/[:.]/.test(word) && !word.startsWith(".") ? word : `${prefix}${word}`));
    return {
        read: listed(words.read),
        create: listed(words.create),
        update: listed(words.update),
        delete: listed(words.delete),
    };
}
