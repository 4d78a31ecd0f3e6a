// Variables that decide whether a program of the image starts at all, and what of them may be set.

export type VariableVerdict = "refused" | "surprising";

interface ReservedVariable {
    readonly names: RegExp;
    readonly reason: string;
    readonly instead: string;
    /** What a value has to be to be let through. @default no value is */
    readonly isFine?: (value: string) => boolean;
    /** Of values that are not fine, what may be meant. @default none */
    readonly maybe?: (value: string) => boolean;
}

/** Replacements of malloc, which many preload for Python's memory. */
const allocator = /^\/(?:[\w.+-]+\/)*lib(?:jemalloc|tcmalloc|tcmalloc_minimal|mimalloc)\.so(?:\.[0-9]+)*$/;

const absoluteLibrary = /^\/[^\s:]*\.so(?:\.[0-9]+)*$/;

const isListOf =
    (form: RegExp) =>
    (value: string): boolean =>
        value.split(/[\s:]/).every((one) => form.test(one));

const reserved: readonly ReservedVariable[] = [
    {
        names: /^PATH$/,
        reason: "it replaces the image's own, by which python, gunicorn and celery are found: nothing is put for $PATH in it",
        instead:
            "write it into the image (ENV PATH in its Dockerfile), or name programs with their folder in the commands",
    },
    {
        names: /^LD_(?:PRELOAD|AUDIT)$/,
        reason: "every program of the image loads it first",
        instead: "name a library with its folder, for example /usr/lib/x86_64-linux-gnu/libjemalloc.so.2",
        isFine: isListOf(allocator),
        maybe: isListOf(absoluteLibrary),
    },
    {
        names: /^LD_LIBRARY_PATH$/,
        reason: "programs look for their libraries there first, and an entry that is empty or relative is the working folder",
        instead: "name folders that begin with a slash, with colons between them",
        isFine: isListOf(/^\/[^\s:]*$/),
    },
    {
        names: /^PYTHONHOME$/,
        reason: "Python looks for its own library there and does not start without it",
        instead: "for more modules set PYTHONPATH",
    },
    {
        names: /^KUBERNETES_(?:SERVICE_(?:HOST|PORT(?:_HTTPS)?)|PORT(?:_[0-9]+_TCP(?:_(?:ADDR|PORT|PROTO))?)?)$/,
        reason: "Kubernetes sets it in every container, and its clients read it",
        instead: "name the variable otherwise",
    },
    {
        names: /^HOSTNAME$/,
        reason: "it is the pod's own name, and all pods would have the same",
        instead: "name the variable otherwise",
        maybe: () => true,
    },
];

/** @returns undefined for a variable that is the owner's to set */
export function verdictOnVariable(
    name: string,
    value: string,
): { readonly verdict: VariableVerdict; readonly reason: string; readonly instead: string } | undefined {
    const found = reserved.find(({ names }) => names.test(name));
    if (found === undefined || found.isFine?.(value)) {
        return undefined;
    }
    const { reason, instead } = found;
    return { verdict: found.maybe?.(value) ? "surprising" : "refused", reason, instead };
}
