// How much configuration Pulumi can hand to its program.
import type { Problem } from "./problems.ts";

/**
 * Bytes of one string of a program's environment on Linux, with its name and its end; more, and the program does not start.
 *
 * @see https://man7.org/linux/man-pages/man2/execve.2.html MAX_ARG_STRLEN, and github.com/pulumi/pulumi/issues/8680
 */
const longestVariable = 128 * 2 ** 10;

const variable = "PULUMI_CONFIG=";

/** @param config as Pulumi hands it over: all of it as JSON in one variable */
export function longConfiguration(config: Readonly<Record<string, string>>): Problem[] {
    const bytes = Buffer.byteLength(variable + JSON.stringify(config)) + 1;
    if (bytes <= longestVariable) {
        return [];
    }
    const [longest] = Object.entries(config).reduce((one, other) => (other[1].length > one[1].length ? other : one));
    return [
        {
            path: longest.split(":").at(-1)!,
            found: `${bytes} bytes of settings altogether, most of them here`,
            allowed: `at most ${longestVariable}: Linux takes no more of what Pulumi hands to its program ("argument list too long")`,
            fix: "put long files into the image or a bucket, or run pulumi where more is allowed (macOS)",
        },
    ];
}
