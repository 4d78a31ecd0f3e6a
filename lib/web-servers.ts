// Where the web servers that people run Django with listen, by their command lines and their variables.
// Sources: gunicorn 23 (settings), uvicorn 0.35 (settings), daphne 4.2 (cli.py), hypercorn 0.17 (__main__.py), granian 2.5 (cli.py),
// waitress 3.0 (runner), Django 5.2 (runserver).
import { optionValue, optionValues, programIn, wordsOf, type OptionValue, type Word } from "./command-words.ts";

export interface Listener {
    /** Undefined for every address. */
    readonly host?: string;
    /** Undefined where only the running pod knows it. */
    readonly port?: number;
    /** The variable that says the port, where the app's do not have it. */
    readonly variable?: string;
    /** A file instead of a port. */
    readonly socket?: string;
    /** What says so; undefined for the server's own default. */
    readonly said?: OptionValue;
}

export interface WebServer {
    readonly name: string;
    readonly words: readonly Word[];
    /** Undefined where a file in the image may say it. */
    readonly listeners?: readonly Listener[];
    /** How one says where to listen. */
    readonly options: (port: number) => readonly string[];
    /** Its options for what the settings of gunicorn mean; undefined where it has none. */
    readonly flags: {
        readonly processes?: string;
        readonly threads?: string;
        readonly keepAlive?: string;
        readonly timeout?: string;
    };
}

export type Variables = Readonly<Record<string, string>>;

type Reader = (words: readonly Word[], variables: Variables) => readonly Listener[] | undefined;

interface Server extends Pick<WebServer, "options" | "flags"> {
    readonly read: Reader;
}

const bind = (port: number): readonly string[] => [`--bind=0.0.0.0:${port}`];
const hostAndPort = (port: number): readonly string[] => ["--host=0.0.0.0", `--port=${port}`];

/** @param environment the prefix of the variables that say the same, where there are any */
function byHostAndPort(
    hostNames: readonly string[],
    portNames: readonly string[],
    socketNames: readonly string[],
    environment?: string,
): Reader {
    return (words, variables) => {
        const socket = optionValue(words, socketNames);
        if (socket !== undefined) {
            return [{ socket: socket.value, said: socket }];
        }
        const host = optionValue(words, hostNames);
        const port = optionValue(words, portNames);
        const fromEnvironment = (name: string): string | undefined =>
            environment === undefined ? undefined : variables[`${environment}_${name}`];
        const said = port ?? host;
        return [
            {
                ...hostOf(host?.value ?? fromEnvironment("HOST") ?? "127.0.0.1"),
                ...portOf(port?.value ?? fromEnvironment("PORT") ?? "8000", variables),
                ...(said && { said }),
            },
        ];
    };
}

const gunicorn: Reader = (words, variables) => {
    const binds = optionValues(words, ["--bind", "-b"]);
    if (binds.length > 0) {
        return binds.map((said) => ({ ...address(said.value, variables), said }));
    }
    // gunicorn reads these words before those of its command.
    const more = wordsOf((variables["GUNICORN_CMD_ARGS"] ?? "").split(/\s+/).filter((word) => word !== ""));
    const others = optionValues(more, ["--bind", "-b"]);
    if (others.length > 0) {
        return others.map(({ value }) => address(value, variables));
    }
    // A gunicorn.conf.py in the working folder is read without being named.
    return undefined;
};

const hypercorn: Reader = (words, variables) => {
    const binds = optionValues(words, ["--bind", "-b"]);
    if (binds.length > 0) {
        return binds.map((said) => ({ ...address(said.value, variables), said }));
    }
    return optionValue(words, ["--config", "-c"]) === undefined ? [{ host: "127.0.0.1", port: 8000 }] : undefined;
};

const daphne: Reader = (words, variables) =>
    optionValue(words, ["--endpoint", "-e"]) === undefined
        ? byHostAndPort(["--bind", "-b"], ["--port", "-p"], ["--unix-socket", "-u"])(words, variables)
        : undefined;

const waitress: Reader = (words, variables) => {
    const listen = optionValues(words, ["--listen"]);
    if (listen.length > 0) {
        return listen.flatMap((said) => said.value.split(" ").map((one) => ({ ...address(one, variables), said })));
    }
    const socket = optionValue(words, ["--unix-socket"]);
    if (socket !== undefined) {
        return [{ socket: socket.value, said: socket }];
    }
    const host = optionValue(words, ["--host"]);
    const port = optionValue(words, ["--port"]);
    const said = port ?? host;
    return [{ ...hostOf(host?.value ?? "*"), ...portOf(port?.value ?? "8080", variables), ...(said && { said }) }];
};

const runserver: Reader = (words, variables) => {
    const word = words.slice(1).find(({ text }) => !text.startsWith("-"));
    if (word === undefined) {
        return [{ host: "127.0.0.1", port: 8000 }];
    }
    const said = { value: word.text, word, before: "" };
    return [
        /^[0-9]+$/.test(word.text)
            ? { host: "127.0.0.1", port: Number(word.text), said }
            : { ...address(word.text, variables), said },
    ];
};

const servers: Readonly<Record<string, Server>> = {
    gunicorn: {
        read: gunicorn,
        options: bind,
        flags: { processes: "--workers", threads: "--threads", keepAlive: "--keep-alive", timeout: "--timeout" },
    },
    uvicorn: {
        read: byHostAndPort(["--host"], ["--port"], ["--uds", "--fd"], "UVICORN"),
        options: hostAndPort,
        flags: { processes: "--workers", keepAlive: "--timeout-keep-alive" },
    },
    daphne: {
        read: daphne,
        options: (port) => ["--bind=0.0.0.0", `--port=${port}`],
        flags: { timeout: "--http-timeout" },
    },
    hypercorn: { read: hypercorn, options: bind, flags: { processes: "--workers", keepAlive: "--keep-alive" } },
    granian: {
        read: byHostAndPort(["--host"], ["--port"], ["--uds"], "GRANIAN"),
        options: hostAndPort,
        flags: { processes: "--workers", threads: "--blocking-threads" },
    },
    "waitress-serve": {
        read: waitress,
        options: (port) => [`--listen=0.0.0.0:${port}`],
        flags: { threads: "--threads" },
    },
    runserver: { read: runserver, options: (port) => [`0.0.0.0:${port}`], flags: {} },
};

const names: ReadonlySet<string> = new Set(Object.keys(servers));

/**
 * @param variables plain ones of the app, which some servers read; those they do not know are of no matter
 * @returns undefined for a command that runs none of these
 */
export function webServerOf(command: readonly string[], variables: Variables): WebServer | undefined {
    const found = programIn(wordsOf(command), names);
    if (found === undefined) {
        return undefined;
    }
    const { program: name, words } = found;
    const { read, options, flags } = servers[name]!;
    const listeners = read(words, variables);
    return { name, words, options, flags, ...(listeners && { listeners }) };
}

/** gunicorn's workers that run ASGI. */
const asgiWorker = /uvicorn|asgi|hypercorn|daphne/i;

/** Whether a command runs one of these servers with ASGI, under which each open request has a thread of its own in Django. */
export function servesAsgi(command: readonly string[], variables: Variables): boolean {
    const found = programIn(wordsOf(command), names);
    if (found === undefined) {
        return false;
    }
    const { program, words } = found;
    switch (program) {
        case "uvicorn":
        case "granian":
            return optionValue(words, ["--interface"])?.value !== "wsgi";
        case "daphne":
        case "hypercorn":
            return true;
        case "gunicorn": {
            const more = wordsOf((variables["GUNICORN_CMD_ARGS"] ?? "").split(/\s+/).filter((word) => word !== ""));
            const kind = optionValue(words, ["--worker-class", "-k"]) ?? optionValue(more, ["--worker-class", "-k"]);
            return kind !== undefined && asgiWorker.test(kind.value);
        }
        default:
            return false;
    }
}

/** `host:port`, `:port`, `host`, `[::1]:port`, `unix:file`. */
function address(text: string, variables: Variables): Listener {
    if (/^(?:unix:|fd:|\/)/.test(text)) {
        return { socket: text };
    }
    const plain = text.replace(/^(?:tcp|https?):\/\//, "");
    // Not the colon of `${PORT:-8000}`.
    const variable = plain.indexOf("$");
    const colon = plain.lastIndexOf(":", variable === -1 ? plain.length : variable);
    const isBare = colon === -1 || plain.endsWith("]");
    const host = isBare ? plain : plain.slice(0, colon);
    return { ...hostOf(host), ...portOf(isBare ? "8000" : plain.slice(colon + 1), variables) };
}

const everyAddress = new Set(["", "*", "0", "0.0.0.0", "::", "[::]"]);

function hostOf(host: string): Pick<Listener, "host"> {
    return everyAddress.has(host) ? {} : { host };
}

/** A number, or one variable of the app in its place: `$PORT`, `${PORT:-8000}`, `$(PORT)`. */
function portOf(text: string, variables: Variables): Pick<Listener, "port" | "variable"> {
    const [, name, fallback] = /^\$[({]?([A-Za-z_][A-Za-z0-9_]*)(?::?-([0-9]+))?[)}]?$/.exec(text) ?? [];
    const value = name === undefined ? text : (variables[name] ?? fallback ?? "");
    if (/^[0-9]{1,5}$/.test(value)) {
        return { port: Number(value) };
    }
    return name === undefined || value !== "" ? {} : { variable: name };
}

/** Whether only the pod itself reaches it. */
export function isLoopback({ host }: Listener): boolean {
    return host !== undefined && /^(?:localhost|127\.[0-9.]+|\[?::1\]?)$/.test(host);
}
