// How many connections to a database the processes of one container may hold at once, by the command that starts them.
// Django keeps one for each thread that runs a view or a task. What each server is counted by is in docs/connections.md.

export interface Counted {
    readonly connections: number;
    /** The factors, for example "4 processes x 4 threads"; empty for a single connection. */
    readonly arithmetic: string;
}

/** The text of a variable; undefined where there is none, or it is secret or not known yet. */
type Read = (variable: string) => string | undefined;

/**
 * What a process is counted with where nothing says how much it does at a time: a server whose options are in its image, and an
 * ASGI server without a limit, under which Django gives every open request a thread, and so a connection, of its own.
 */
export const assumed = 10;

/** gunicorn's own for workers that switch between requests: --worker-connections. */
export const greenlets = 1000;

/**
 * @param words command and arguments; a shell's script may be one of them
 * @param read looks up what the container is told
 */
export function webConnections(words: readonly string[], read: Read): Counted {
    const line = split(words);
    const server = line.findIndex((word) => Object.hasOwn(servers, nameOf(word)));
    if (server < 0) {
        // gunicorn and uvicorn look for these, whatever script starts them.
        return read("GUNICORN_CMD_ARGS") === undefined && read("WEB_CONCURRENCY") === undefined
            ? unknown("a server that only its image knows")
            : gunicorn([], read);
    }
    return servers[nameOf(line[server]!)]!(line.slice(server + 1), read);
}

/** Of a Django Q2 cluster: the processes that take tasks off the queue, save results, and guard the others and run schedules. */
export const guardians = 3;

/**
 * A worker of Celery, of Django Q2, of Dramatiq, or of the image's own.
 *
 * @param clusterSize what a Django Q2 cluster is told of its processes, `Q_WORKERS`; undefined where it is not
 */
export function workerConnections(words: readonly string[], clusterSize?: string): Counted {
    const line = split(words);
    const names = line.map(nameOf);
    if (names.includes("celery")) {
        return celery(line.slice(names.indexOf("celery") + 1));
    }
    if (names.includes("dramatiq")) {
        const options = line.slice(names.indexOf("dramatiq") + 1);
        return product(
            amount(options, ["--processes", "-p"], assumed),
            "process",
            amount(options, ["--threads", "-t"], 8),
            "thread",
        );
    }
    const processes = numberIn(clusterSize);
    return names.includes("qcluster") && processes !== undefined
        ? { connections: processes + guardians, arithmetic: `(${counted(processes, "process")} + ${guardians})` }
        : (managed(line) ?? unknown("a worker that only its image knows"));
}

/** A Django process that is neither the web nor a worker. */
export function otherConnections(words: readonly string[]): Counted {
    return managed(split(words)) ?? unknown("a program that only its image knows");
}

/** One command of manage.py works through its task in one thread; these start more. */
const manyAtOnce = new Set(["runserver", "qcluster", "rqworker-pool", "run_huey", "runworker"]);

function managed(line: readonly string[]): Counted | undefined {
    const at = line.findIndex((word) => /^(manage\.py|django-admin)$/.test(nameOf(word)));
    const command = at < 0 ? undefined : line[at + 1];
    if (command === undefined) {
        return undefined;
    }
    return manyAtOnce.has(command) ? unknown(`manage.py ${command}`) : { connections: 1, arithmetic: "" };
}

function celery(options: readonly string[]): Counted {
    const pool = valueOf(options, "--pool", "-P") ?? "prefork";
    const beat = options.some((word) => word === "-B" || word === "--beat") ? 1 : 0;
    const scaled = valueOf(options, "--autoscale")?.split(",")[0];
    const given = scaled ?? valueOf(options, "--concurrency", "-c");
    if (given === undefined && pool !== "solo") {
        return unknown("celery, which starts one for each processor of the node");
    }
    const many = pool === "solo" ? 1 : (numberIn(given) ?? assumed);
    const unit = pool === "prefork" ? "process" : pool === "threads" ? "thread" : pool === "solo" ? "" : "greenlet";
    const counted = product(many, unit);
    return beat === 0
        ? counted
        : { connections: counted.connections + 1, arithmetic: `(${counted.arithmetic || "1"} + 1 for -B)` };
}

/** By the name of the program that is started. */
const servers: Readonly<Record<string, (options: readonly string[], read: Read) => Counted>> = {
    gunicorn,
    uvicorn: (options, read) =>
        asgi(amount(options, ["--workers"], variable(read, "WEB_CONCURRENCY") ?? 1), [
            valueOf(options, "--limit-concurrency"),
            "--limit-concurrency",
        ]),
    // It has one process, and no limit.
    daphne: () => asgi(1),
    hypercorn: (options) => asgi(amount(options, ["--workers", "-w"], 1)),
    granian: (options, read) => {
        const workers = amount(options, ["--workers"], variable(read, "GRANIAN_WORKERS") ?? 1);
        const threads = valueOf(options, "--blocking-threads") ?? read("GRANIAN_BLOCKING_THREADS");
        return valueOf(options, "--interface") === "wsgi"
            ? product(workers, "process", numberIn(threads) ?? assumed, "thread")
            : asgi(workers, [valueOf(options, "--backpressure"), "--backpressure"]);
    },
    uwsgi: (options) => {
        const processes = amount(options, ["--processes", "-p"], numberIn(valueOf(options, "--workers")) ?? 1);
        const green = numberIn(valueOf(options, "--gevent") ?? valueOf(options, "--asyncio"));
        return green === undefined
            ? product(processes, "process", amount(options, ["--threads"], 1), "thread")
            : product(processes, "process", green, "greenlet");
    },
    "waitress-serve": (options) => product(amount(options, ["--threads"], 4), "thread"),
    "mod_wsgi-express": (options) =>
        product(amount(options, ["--processes"], 1), "process", amount(options, ["--threads"], 5), "thread"),
};

/** The command line goes before GUNICORN_CMD_ARGS; a file of settings in the image is not seen. */
function gunicorn(options: readonly string[], read: Read): Counted {
    const more = split([read("GUNICORN_CMD_ARGS") ?? ""]);
    const find = (...names: readonly string[]): string | undefined =>
        valueOf(options, ...names) ?? valueOf(more, ...names);
    const workers = find("--workers", "-w");
    if (workers === undefined && find("--config", "-c") !== undefined) {
        return unknown("gunicorn with a file of settings");
    }
    const processes = workers === undefined ? (variable(read, "WEB_CONCURRENCY") ?? 1) : (numberIn(workers) ?? assumed);
    const kind = find("--worker-class", "-k") ?? "sync";
    if (/gevent|eventlet/.test(kind)) {
        return product(processes, "process", numberIn(find("--worker-connections")) ?? greenlets, "greenlet");
    }
    if (/uvicorn|asgi|hypercorn|daphne/i.test(kind)) {
        return asgi(processes);
    }
    const threads = find("--threads");
    return product(processes, "process", threads === undefined ? 1 : (numberIn(threads) ?? assumed), "thread");
}

/** @param limit the option that bounds open requests, and its value */
function asgi(processes: number, [value, option]: readonly [string?, string?] = []): Counted {
    const requests = numberIn(value) ?? assumed;
    const bound = numberIn(value) === undefined ? "assumed" : option!;
    return {
        connections: processes * requests,
        arithmetic: `${counted(processes, "process")} x ${requests} requests (ASGI, ${bound})`,
    };
}

function unknown(what: string): Counted {
    return { connections: assumed, arithmetic: `${assumed} assumed of ${what}` };
}

/** The factors that are not one. */
function product(first: number, unit: string, second: number = 1, secondUnit: string = ""): Counted {
    const factors = [
        ...(first === 1 ? [] : [counted(first, unit)]),
        ...(second === 1 ? [] : [counted(second, secondUnit)]),
    ];
    return { connections: first * second, arithmetic: factors.join(" x ") };
}

function counted(many: number, unit: string): string {
    return many === 1 ? `1 ${unit}` : `${many} ${unit === "process" ? "processes" : `${unit}s`}`;
}

/** @param otherwise the program's own number where none of the options is given */
function amount(options: readonly string[], names: readonly string[], otherwise: number): number {
    const value = valueOf(options, ...names);
    return value === undefined ? otherwise : (numberIn(value) ?? assumed);
}

/** `--name=value`, `--name value`, `-n value`, `-nvalue`; the last one wins, as in all of these programs. */
export function valueOf(options: readonly string[], ...names: readonly string[]): string | undefined {
    let found: string | undefined;
    for (const [index, word] of options.entries()) {
        for (const name of names) {
            if (word === name) {
                found = options[index + 1] ?? found;
            } else if (word.startsWith(`${name}=`)) {
                found = word.slice(name.length + 1);
            } else if (/^-[A-Za-z]$/.test(name) && /^-[A-Za-z][^-=]/.test(word) && word.startsWith(name)) {
                found = word.slice(2);
            }
        }
    }
    return found;
}

function variable(read: Read, name: string): number | undefined {
    return numberIn(read(name));
}

function numberIn(text: string | undefined): number | undefined {
    return text !== undefined && /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : undefined;
}

/** A shell's script is one word of a command, and many to the shell. */
function split(words: readonly string[]): string[] {
    return words.flatMap((word) => word.split(/[\s;&|'"]+/)).filter((word) => word !== "");
}

/** Of a path, its last part. */
function nameOf(word: string): string {
    return word.slice(word.lastIndexOf("/") + 1);
}
