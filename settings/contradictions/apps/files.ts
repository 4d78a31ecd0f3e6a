// Files of an app at paths that something else has: Kubernetes, the program, the image's own programs, or another file.
import { posix } from "node:path";
import type { AppSettings } from "../../app.ts";
import { removeCommand, setSecretCommand, settingPath, type Problem } from "../../problems.ts";
import { ownStoreOf, type StoresSettings } from "../../stores/entries.ts";
import { contradiction } from "../contradiction.ts";
import { appsWithSecrets, sectionsOfSecrets } from "../secrets/secrets.ts";

/** A path and what is below it, or itself alone, and why no file can be there. */
export interface Reserved {
    readonly paths: readonly string[];
    readonly below: boolean;
    readonly reason: string;
    /** Why no volume can be there. @default the same */
    readonly ofVolume?: string;
    /** Whether pods have something mounted there. @default it is the image's */
    readonly mounted?: boolean;
}

const reserved: readonly Reserved[] = [
    {
        paths: ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"],
        below: true,
        reason: "Kubernetes writes this file into every pod: names would not be found any more",
    },
    { paths: ["/dev", "/proc", "/sys"], below: true, reason: "the kernel's, and no folder of files" },
    {
        paths: [
            "/var/run/secrets",
            "/run/secrets/kubernetes.io",
            "/run/secrets/eks.amazonaws.com",
            "/run/secrets/pods.eks.amazonaws.com",
        ],
        below: true,
        reason: "where Kubernetes and clouds put a pod's own tokens",
    },
    {
        paths: ["/etc/django-on-kubernetes"],
        below: true,
        mounted: true,
        reason: "where the certificates of the stores are mounted",
    },
    {
        paths: ["/etc/ld.so.preload"],
        below: true,
        reason: "every program would load what it names, and start with an error where that is not there",
    },
    {
        paths: ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"],
        below: true,
        reason: "where the image's programs are; a mounted file cannot be executed",
        ofVolume: "where the image's programs are",
    },
    { paths: ["/tmp"], below: false, reason: "the folder that pods may write to is mounted there" },
    {
        // Of the Filesystem Hierarchy Standard 3.0, and of Debian's and Alpine's images of Python.
        paths: [
            ..."/boot /etc /home /lib /lib32 /lib64 /libx32 /media /mnt /opt /root /run /run/secrets /srv /usr /var".split(
                " ",
            ),
            ..."/etc/ssl /etc/ssl/certs /etc/ssl/private /etc/pki /etc/profile.d /etc/ld.so.conf.d".split(" "),
            ..."/usr/include /usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/local /usr/share /usr/src".split(" "),
            ..."/usr/local/etc /usr/local/include /usr/local/lib /usr/local/lib64 /usr/local/share /usr/local/src".split(
                " ",
            ),
            ..."/usr/share/ca-certificates /usr/local/share/ca-certificates /usr/share/zoneinfo".split(" "),
            ..."/var/cache /var/lib /var/local /var/lock /var/log /var/mail /var/opt /var/run /var/spool /var/tmp".split(
                " ",
            ),
        ],
        below: false,
        reason: "a folder of every image: a file in its place is refused by the container's runtime",
        ofVolume: "a folder of every image, which has something in it",
    },
];

/** Of an image that runs itself (U4). */
const ofInitRunAsync: Reserved = {
    paths: ["/init", "/run", "/async"],
    below: false,
    reason: "the image's own program, which runs the app",
};

const ofStaticVolume: Reserved = {
    paths: ["/srv/static"],
    below: true,
    mounted: true,
    reason: "the volume of static files is mounted there",
};

const ofMediaVolume: Reserved = {
    paths: ["/srv/media"],
    below: true,
    mounted: true,
    reason: "the volume of uploaded files is mounted there",
};

/** `/usr/local/lib/python3.13`, and `site-packages` in it. */
const pythonFolder = /^\/usr(?:\/local)?\/lib\/python[0-9.]+(?:\/(?:site|dist)-packages)?$/;

/** `libc.so.6`: a text is none. */
const library = /\.so(?:\.[0-9]+)*$/;

const needed = [...sectionsOfSecrets, "assets"] as const;

interface PlacedFile {
    readonly path: string;
    readonly secret: boolean;
    /** The setting. */
    readonly at: string;
}

export const reservedFiles = contradiction(needed, (settings) =>
    appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt, existing, existingAt }) => {
        const files = [
            ...placed(Object.keys(app.files), [...at, "files"], false),
            ...placed(Object.keys(secrets.files), [...secretsAt, "files"], true),
            ...placed(Object.keys(existing.files), [...existingAt, "files"], true),
        ];
        const all = [...volumesOf(app), ...reservedBy(app, settings.assets)];
        const paths = new Set(files.map(({ path }) => path));
        return files.flatMap((file): Problem[] => {
            const reason = reasonAgainst(file.path, all);
            const above = ancestors(file.path).find((path) => paths.has(path));
            if (reason !== undefined) {
                return [misplaced(file, `${JSON.stringify(file.path)}: ${reason}`)];
            }
            return above === undefined
                ? []
                : [misplaced(file, `${JSON.stringify(file.path)}, in a folder that is a file too: ${above}`)];
        });
    }),
);

function placed(paths: readonly string[], at: readonly PropertyKey[], secret: boolean): PlacedFile[] {
    return paths.map((path) => ({ path, secret, at: settingPath([...at, path]) }));
}

function volumesOf({ volumes }: AppSettings): Reserved[] {
    return Object.entries(volumes).map(([name, { path }]) => ({
        paths: [path],
        below: true,
        mounted: true,
        reason: `the volume ${name} is mounted there`,
    }));
}

/**
 * What no file and no volume of an app may be mounted at.
 *
 * @param shared the section assets
 */
export function reservedBy(app: AppSettings, shared: StoresSettings["assets"]): readonly Reserved[] {
    const assets = ownStoreOf(app, "assets") ?? shared;
    const whitenoise = assets.variant === "whitenoise" ? assets : undefined;
    return [
        ...(app.contract === "init-run-async" ? [ofInitRunAsync] : []),
        ...(whitenoise?.files.from === "volume" ? [ofStaticVolume] : []),
        ...(whitenoise?.media?.from === "volume" ? [ofMediaVolume] : []),
        ...reserved,
    ];
}

/** Why a volume cannot be mounted there. */
export function reasonAgainstVolume(path: string, all: readonly Reserved[]): string | undefined {
    const found = reservedAt(path, all);
    return (
        found?.ofVolume ?? found?.reason ?? (pythonFolder.test(path) ? "a folder of Python's in the image" : undefined)
    );
}

function reservedAt(path: string, all: readonly Reserved[]): Reserved | undefined {
    const above = ancestors(path);
    return all.find(({ paths, below }) => paths.includes(path) || (below && above.some((one) => paths.includes(one))));
}

function reasonAgainst(path: string, all: readonly Reserved[]): string | undefined {
    const found = reservedAt(path, all);
    if (found !== undefined) {
        return found.reason;
    }
    if (pythonFolder.test(path)) {
        return "a folder of Python's in the image: a file in its place is refused by the container's runtime";
    }
    return library.test(path) && /^\/(?:usr\/(?:local\/)?)?lib/.test(path)
        ? "a library of the image, which a text cannot be"
        : undefined;
}

/** The folders that a path is in, the nearest first, without the root. */
export function ancestors(path: string): string[] {
    const parts = path.split("/");
    return parts.slice(2).map((_, index) => parts.slice(0, parts.length - 1 - index).join("/"));
}

function misplaced({ path, secret, at }: PlacedFile, found: string): Problem {
    const instead = `/etc/app/${posix.basename(path)}`;
    const other = at.replace(JSON.stringify(path), JSON.stringify(instead));
    const set = secret ? setSecretCommand(other) : `pulumi config set --path '${other}'`;
    return {
        path: at,
        found,
        allowed: `a path of the file's own, which is neither a folder nor a program of the image, for example ${instead}`,
        fix: `${removeCommand(at)} && ${set} < FILE`,
    };
}
