// The port that probes and the Service go to, against where the app's own command listens; and settings that such a command makes idle.
import { optionValue } from "../../../lib/command-words.ts";
import { isLoopback, webServerOf, type Listener, type WebServer } from "../../../lib/web-servers.ts";
import type { AppSettings, DjangoAppSettings } from "../../app.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import { placedApps } from "../apps/apps.ts";
import { advice, contradiction } from "../contradiction.ts";

type Path = readonly PropertyKey[];

export const portsOfCommands = contradiction(["apps"], ({ apps }) =>
    withCommand(apps).flatMap(({ app, at, command, server }): Problem[] => {
        const { port } = app.web;
        const known = server?.listeners?.filter((one) => one.port !== undefined || one.socket !== undefined);
        if (
            server === undefined ||
            known === undefined ||
            known.length === 0 ||
            known.length < server.listeners!.length
        ) {
            return [];
        }
        const atPort = known.filter((one) => one.port === port);
        if (atPort.some((one) => !isLoopback(one))) {
            return [];
        }
        const where = settingPath([...at, "web", "port"]);
        const allowed = `port ${port} of every address, where probes and the Service go (${where})`;
        const one = atPort[0] ?? known.find((each) => each.port !== undefined) ?? known[0]!;
        const mended = mendCommand([...at, "web", "command"], command, server, one, port);
        const fits = one.port !== undefined && !isLoopback(one);
        return [
            {
                path: settingPath([...at, "web", "command"]),
                found: `${server.name}, which listens at ${described(one)}`,
                allowed,
                fix: fits ? `${setCommand(where, String(one.port))}, or ${mended}` : mended,
            },
        ];
    }),
);

function described({ host, port, socket }: Listener): string {
    if (socket !== undefined) {
        return `a file instead of a port, ${socket}`;
    }
    return host === undefined
        ? `port ${port}`
        : `${host}:${port}, ${isLoopback({ host }) ? "which only the pod itself reaches" : "one address"}`;
}

/** @returns the command, or the edit, after which the server listens at the port */
function mendCommand(
    at: Path,
    command: readonly string[],
    server: WebServer,
    listener: Listener,
    port: number,
): string {
    const options = server.options(port);
    if (server.words[0]!.inScript) {
        return `write ${options.join(" ")} into the script of ${settingPath(at)}`;
    }
    let next = command.length;
    return options
        .flatMap((option) => {
            const [, name = "", value = option] = /^(--[a-z]+)=(.*)$/.exec(option) ?? [];
            const said = name === "" ? listener.said : optionValue(server.words, [name, ...(shortOf[name] ?? [])]);
            const isHost = value === "0.0.0.0";
            if (said?.value === value || (isHost && listener.socket === undefined && listener.host === undefined)) {
                return [];
            }
            return [
                setWord(
                    settingPath([...at, said?.word.index ?? next++]),
                    said === undefined ? option : said.before + value,
                ),
            ];
        })
        .join(" && ");
}

/** Text that reads as a number is otherwise saved as one, and one that begins with a hyphen read as an option. */
function setWord(path: string, word: string): string {
    return word.startsWith("-") ? setCommand(path, `-- ${word}`) : setCommand(path, word, "--type string ");
}

interface WithCommand {
    readonly app: DjangoAppSettings;
    readonly at: Path;
    readonly command: readonly string[];
    readonly server: WebServer | undefined;
}

function withCommand(apps: readonly AppSettings[]): WithCommand[] {
    return placedApps(apps).flatMap(({ app, at }) =>
        app.contract === "django" && app.web.command !== undefined
            ? [{ app, at, command: app.web.command, server: webServerOf(app.web.command, app.environment) }]
            : [],
    );
}

/** What only the server that the program starts is told, and its defaults. */
const serverSettings = [
    { name: "processes", flag: "processes", unset: 2 },
    { name: "threads", flag: "threads", unset: 2 },
    { name: "timeoutSeconds", flag: "timeout", unset: undefined },
    { name: "keepAlive", flag: "keepAlive", unset: undefined },
] as const;

function idleSettings({ app, at, server }: WithCommand): Problem[] {
    const settings: Partial<Record<(typeof serverSettings)[number]["name"], number | undefined>> = app.web;
    return serverSettings.flatMap(({ name, flag, unset }): Problem[] => {
        const value = settings[name];
        const option = server?.flags[flag];
        const said =
            server === undefined || option === undefined
                ? undefined
                : optionValue(server.words, [option, ...(shortOf[option] ?? [])]);
        if (value === undefined || value === unset || said?.value === String(value)) {
            return [];
        }
        const path = settingPath([...at, "web", name]);
        const command = settingPath([...at, "web", "command"]);
        return [
            {
                path,
                found: `${value}, beside a command of the app's own`,
                allowed: `nothing: the command alone decides it (${command})`,
                fix:
                    option === undefined
                        ? removeCommand(path)
                        : `write ${option}=${value} into ${command}, and ${removeCommand(path)}`,
            },
        ];
    });
}

const shortOf: Readonly<Record<string, readonly string[]>> = {
    "--bind": ["-b"],
    "--port": ["-p"],
    "--workers": ["-w"],
    "--timeout": ["-t"],
};

/** Of servers that are known it is certain that they are not told. */
export const idleBesideServer = contradiction(["apps"], ({ apps }) =>
    withCommand(apps)
        .filter(({ server }) => server !== undefined)
        .flatMap(idleSettings),
);

/** Another program may be a wrapper that somebody keeps in step with the settings. */
export const idleBesideCommand = advice(["apps"], ({ apps }) =>
    withCommand(apps)
        .filter(({ server }) => server === undefined)
        .flatMap(idleSettings),
);

/** gunicorn without --bind: 127.0.0.1:8000, unless a gunicorn.conf.py in the image says otherwise. */
export const unsaidPorts = advice(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }): Problem[] => {
        const { port } = app.web;
        const command = app.contract === "django" ? app.web.command : undefined;
        const server = command && webServerOf(command, app.environment);
        const said = app.environment["PORT"];
        const problems: Problem[] = [];
        if (
            command !== undefined &&
            server?.name === "gunicorn" &&
            server.listeners === undefined &&
            said !== String(port)
        ) {
            const path = settingPath([...at, "web", "command"]);
            problems.push({
                path,
                found: "gunicorn without --bind: it listens where its configuration file says, or at 127.0.0.1:8000, which only the pod itself reaches",
                allowed: `port ${port} of every address, where probes and the Service go (${settingPath([...at, "web", "port"])})`,
                fix: server.words[0]!.inScript
                    ? `write --bind=0.0.0.0:${port} into its script`
                    : setWord(settingPath([...at, "web", "command", command.length]), `--bind=0.0.0.0:${port}`),
            });
        }
        const variable = server?.listeners?.find((one) => one.variable !== undefined)?.variable;
        if (variable !== undefined) {
            problems.push({
                path: settingPath([...at, "web", "command"]),
                found: `${server!.name}, which listens where the variable ${variable} says, and no such variable in ${settingPath([...at, "environment"])}`,
                allowed: `port ${port} of every address, where probes and the Service go (${settingPath([...at, "web", "port"])})`,
                fix: setCommand(settingPath([...at, "environment", variable]), String(port), "--type string "),
            });
        }
        const readsPort = app.contract === "init-run-async" || (command !== undefined && server === undefined);
        if (readsPort && said !== undefined && said !== String(port)) {
            const path = settingPath([...at, "environment", "PORT"]);
            problems.push({
                path,
                found: JSON.stringify(said),
                allowed: `${port}, the port that probes and the Service go to (${settingPath([...at, "web", "port"])}): many servers listen where PORT says`,
                fix: setCommand(path, String(port), "--type string "),
            });
        }
        return problems;
    }),
);

/** Its users' command lines win over this variable, and the program's own names these. */
const ofTheProgram: ReadonlyArray<readonly [options: readonly string[], setting: string]> = [
    [["--bind", "-b"], "port"],
    [["--workers", "-w"], "processes"],
    [["--threads"], "threads"],
    [["--timeout", "-t"], "timeoutSeconds"],
    [["--keep-alive"], "keepAlive"],
    [["--graceful-timeout"], "gracefulTimeout"],
];

export const idleGunicornArguments = advice(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }): Problem[] => {
        const text = app.environment["GUNICORN_CMD_ARGS"];
        const isOurs = app.contract === "django" && app.web.server === "gunicorn" && app.web.command === undefined;
        if (text === undefined || !isOurs) {
            return [];
        }
        const words = text.split(/\s+/).map((word, index) => ({ text: word, index, inScript: true }));
        return ofTheProgram.flatMap(([options, setting]): Problem[] => {
            const said = optionValue(words, options);
            return said === undefined
                ? []
                : [
                      {
                          path: settingPath([...at, "environment", "GUNICORN_CMD_ARGS"]),
                          found: `${options[0]} in it, which the program's own command line overrides`,
                          allowed: `arguments that no setting stands for: this one is ${settingPath([...at, "web", setting])}`,
                          fix: `take it out, and ${setCommand(settingPath([...at, "web", setting]), /^[0-9]+$/.test(said.value) ? said.value : "NUMBER")}`,
                      },
                  ];
        });
    }),
);

/** The first port that users other than root may listen at everywhere. containerd opens the lower ones to them from 2.0 on. */
const firstUnprivileged = 1024;

export const privilegedPorts = advice(["apps"], ({ apps }) =>
    placedApps(apps)
        .filter(({ app }) => app.web.port < firstUnprivileged)
        .map(({ app, at }) => {
            const path = settingPath([...at, "web", "port"]);
            return {
                path,
                found: String(app.web.port),
                allowed: `${firstUnprivileged} or more: pods do not run as root, and nodes with containerd before 2.0 refuse them lower ports; the Service has port 80 anyway`,
                fix: setCommand(path, "8000"),
            };
        }),
);

export const oneGatewayPort = contradiction(["platform"], ({ platform }): Problem[] => {
    if (platform.variant !== "existing" || platform.gateway === undefined) {
        return [];
    }
    const { httpPort, httpsPort, publicHttpPort = httpPort, publicHttpsPort = httpsPort } = platform.gateway;
    const pairs = [
        ["httpPort", "httpsPort", httpPort, httpsPort, "8443"],
        ["publicHttpPort", "publicHttpsPort", publicHttpPort, publicHttpsPort, "443"],
    ] as const;
    const found = pairs.find(([, , plain, secure]) => plain === secure);
    if (found === undefined) {
        return [];
    }
    const [plain, secure, value, , other] = found;
    const path = `platform.gateway.${secure}`;
    return [
        {
            path,
            found: `${value}, as platform.gateway.${plain}`,
            allowed: "another port: one listener cannot answer HTTP and HTTPS",
            fix: value === Number(other) ? setCommand(`platform.gateway.${plain}`, "80") : setCommand(path, other),
        },
    ];
});

/** What reads the settings that belong to one server, and is another. */
export const serverOfCommand = contradiction(["apps"], ({ apps }) =>
    withCommand(apps).flatMap(({ app, at, server }): Problem[] => {
        const said = app.web.server;
        // gunicorn is what stands there when nobody says anything.
        if (server === undefined || said === "gunicorn" || server.name === said) {
            return [];
        }
        const path = settingPath([...at, "web", "server"]);
        const command = settingPath([...at, "web", "command"]);
        return [
            {
                path,
                found: `${JSON.stringify(said)}, beside a command that runs ${server.name}`,
                allowed: `nothing, or the server of ${command}, which alone decides`,
                fix: `${removeCommand(path)}, or ${removeCommand(command)}`,
            },
        ];
    }),
);
