// The configuration file of Redis and Valkey.

/**
 * Quotes one argument of a directive the way the server's own parser unquotes it: in double quotes, with `\xHH` for all
 * that is not printable ASCII, so that a password may hold any character. Source: `sdssplitargs` of the server.
 */
export function quoteArgument(text: string): string {
    let quoted = "";
    for (const byte of Buffer.from(text, "utf8")) {
        const character = String.fromCharCode(byte);
        if (character === '"' || character === "\\") {
            quoted += `\\${character}`;
        } else if (byte >= 0x20 && byte <= 0x7e) {
            quoted += character;
        } else {
            quoted += `\\x${byte.toString(16).padStart(2, "0")}`;
        }
    }
    return `"${quoted}"`;
}

/** One directive a line, every argument quoted. */
export function redisConfiguration(directives: ReadonlyArray<readonly [name: string, ...args: string[]]>): string {
    return directives.map(([name, ...args]) => [name, ...args.map(quoteArgument)].join(" ")).join("\n") + "\n";
}
