// Text that would be obeyed where it is shown.

/** Has no width, and is no letter of a command, a name or a link. */
export const seam = "\u200b";

/** Lines that begin with a slash and a word, which GitLab and many bots take for commands. They look the same afterwards. */
export function withoutCommands(text: string): string {
    return text.replace(/^([ \t>*+-]*)\/(?=[a-z_])/gim, `$1${seam}/`);
}
