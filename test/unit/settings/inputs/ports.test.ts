// The port of probes against the commands of web servers, and settings that such a command makes idle.
// Does not prove where a server listens: its options and defaults are written from its documentation.
import { quiet, refused, told, type FindingCase } from "../../../support/findings.ts";
import type { Change } from "../../../support/settings.ts";

const path = "apps[0].web.command";
const allowed = "port 8000 of every address, where probes and the Service go (apps[0].web.port)";
const command = (...words: readonly string[]): Change => [path, words];
const port9999 = "pulumi config set --path 'apps[0].web.port' 9999";
const text = (index: number, value: string): string =>
    `pulumi config set --type string --path '${path}[${index}]' ${value}`;
const option = (index: number, value: string): string => `pulumi config set --path '${path}[${index}]' -- ${value}`;

const asgi = "shop.asgi:application";
const wsgi = "shop.wsgi:application";
const onlyPod = "which only the pod itself reaches";

interface Listening {
    readonly words: readonly string[];
    readonly found: string;
    readonly fix: string;
    readonly environment?: Readonly<Record<string, string>>;
}

const elsewhere: readonly Listening[] = [
    {
        words: ["uvicorn", asgi, "--host", "0.0.0.0", "--port", "9999"],
        found: "uvicorn, which listens at port 9999",
        fix: `${port9999}, or ${text(5, "8000")}`,
    },
    {
        words: ["uvicorn", asgi, "--host=0.0.0.0", "--port=9999"],
        found: "uvicorn, which listens at port 9999",
        fix: `${port9999}, or ${option(3, "--port=8000")}`,
    },
    {
        words: ["python", "-m", "uvicorn", asgi, "--host", "0.0.0.0", "--port", "9999"],
        found: "uvicorn, which listens at port 9999",
        fix: `${port9999}, or ${text(7, "8000")}`,
    },
    {
        words: ["uvicorn", asgi, "--port", "8000"],
        found: `uvicorn, which listens at 127.0.0.1:8000, ${onlyPod}`,
        fix: option(4, "--host=0.0.0.0"),
    },
    {
        words: ["uvicorn", asgi, "--host", "localhost", "--port", "8000"],
        found: `uvicorn, which listens at localhost:8000, ${onlyPod}`,
        fix: text(3, "0.0.0.0"),
    },
    {
        words: ["uvicorn", asgi, "--uds", "/tmp/uvicorn.sock"],
        found: "uvicorn, which listens at a file instead of a port, /tmp/uvicorn.sock",
        fix: `${option(4, "--host=0.0.0.0")} && ${option(5, "--port=8000")}`,
    },
    {
        words: ["uvicorn", asgi, "--host", "0.0.0.0"],
        environment: { UVICORN_PORT: "9999" },
        found: "uvicorn, which listens at port 9999",
        fix: `${port9999}, or ${option(4, "--port=8000")}`,
    },
    {
        words: ["gunicorn", wsgi, "--bind", "0.0.0.0:9999"],
        found: "gunicorn, which listens at port 9999",
        fix: `${port9999}, or ${text(3, "0.0.0.0:8000")}`,
    },
    {
        words: ["/venv/bin/gunicorn", wsgi, "-b:9999", "-w", "4"],
        found: "gunicorn, which listens at port 9999",
        fix: `${port9999}, or ${option(2, "-b0.0.0.0:8000")}`,
    },
    {
        words: ["gunicorn", asgi, "--bind=127.0.0.1:8000", "-k", "uvicorn.workers.UvicornWorker"],
        found: `gunicorn, which listens at 127.0.0.1:8000, ${onlyPod}`,
        fix: option(2, "--bind=0.0.0.0:8000"),
    },
    {
        words: ["gunicorn", wsgi, "--bind", "unix:/tmp/gunicorn.sock"],
        found: "gunicorn, which listens at a file instead of a port, unix:/tmp/gunicorn.sock",
        fix: text(3, "0.0.0.0:8000"),
    },
    {
        words: ["newrelic-admin", "run-program", "gunicorn", wsgi, "-b", "[::]:9999"],
        found: "gunicorn, which listens at port 9999",
        fix: `${port9999}, or ${text(5, "0.0.0.0:8000")}`,
    },
    {
        words: ["gunicorn", wsgi],
        environment: { GUNICORN_CMD_ARGS: "--bind=0.0.0.0:9999" },
        found: "gunicorn, which listens at port 9999",
        fix: `${port9999}, or ${option(2, "--bind=0.0.0.0:8000")}`,
    },
    {
        words: ["sh", "-c", `python manage.py check && exec gunicorn ${wsgi} --bind "0.0.0.0:9999"`],
        found: "gunicorn, which listens at port 9999",
        fix: `${port9999}, or write --bind=0.0.0.0:8000 into the script of ${path}`,
    },
    {
        words: ["sh", "-c", `gunicorn ${wsgi} --bind 0.0.0.0:\${PORT:-9999}`],
        found: "gunicorn, which listens at port 9999",
        fix: `${port9999}, or write --bind=0.0.0.0:8000 into the script of ${path}`,
    },
    {
        words: ["daphne", "-b", "0.0.0.0", "-p", "9999", asgi],
        found: "daphne, which listens at port 9999",
        fix: `${port9999}, or ${text(4, "8000")}`,
    },
    {
        words: ["daphne", asgi],
        found: `daphne, which listens at 127.0.0.1:8000, ${onlyPod}`,
        fix: `${option(2, "--bind=0.0.0.0")} && ${option(3, "--port=8000")}`,
    },
    {
        words: ["hypercorn", asgi, "--bind", "0.0.0.0:9999"],
        found: "hypercorn, which listens at port 9999",
        fix: `${port9999}, or ${text(3, "0.0.0.0:8000")}`,
    },
    {
        words: ["granian", "--interface", "asgi", asgi, "--host", "0.0.0.0", "--port", "9999"],
        found: "granian, which listens at port 9999",
        fix: `${port9999}, or ${text(7, "8000")}`,
    },
    {
        words: ["waitress-serve", "--listen=*:9999", wsgi],
        found: "waitress-serve, which listens at port 9999",
        fix: `${port9999}, or ${option(1, "--listen=0.0.0.0:8000")}`,
    },
    {
        words: ["python", "manage.py", "runserver", "9999"],
        found: `runserver, which listens at 127.0.0.1:9999, ${onlyPod}`,
        fix: text(3, "0.0.0.0:8000"),
    },
];

refused(
    "a server that probes do not reach",
    elsewhere.map(({ words, environment, found, fix }): FindingCase => [
        [...Object.entries(environment ?? {}).map((pair) => pair.join("=")), ...words].join(" "),
        [command(...words), ["apps[0].environment", environment ?? {}]],
        [{ path, found, allowed, fix }],
    ]),
    quiet,
);

told(
    "a server where probes go",
    [
        ["uvicorn", asgi, "--host", "0.0.0.0", "--port", "8000"],
        ["uvicorn", asgi, "--host", "::"],
        ["gunicorn", wsgi, "--bind", "127.0.0.1:9000", "--bind", "[::]:8000"],
        ["gunicorn", wsgi, "-b", ":8000"],
        ["daphne", "-e", "tcp:port=9999:interface=0.0.0.0", asgi],
        ["hypercorn", asgi, "--config", "hypercorn.toml"],
        ["python", "manage.py", "runserver", "0:8000"],
        ["/start"],
    ].map((words): FindingCase => [words.join(" "), [command(...words)], []]),
    quiet,
);

told(
    "a port that a variable says",
    [
        [
            "in a script",
            [command("sh", "-c", `gunicorn ${wsgi} -b 0.0.0.0:$PORT`), ["apps[0].environment", { PORT: "8000" }]],
            [],
        ],
        [
            "of another port",
            [
                command("uvicorn", asgi, "--host", "0.0.0.0", "--port", "$(PORT)"),
                ["apps[0].web.port", 9999],
                ["apps[0].environment", { PORT: "9999" }],
            ],
            [],
        ],
        ["that gunicorn reads itself", [command("gunicorn", wsgi), ["apps[0].environment", { PORT: "8000" }]], []],
        ["which the program's own gunicorn does not read", [["apps[0].environment", { PORT: "9999" }]], []],
    ],
    quiet,
);

told(
    "a port that is not known for sure",
    [
        [
            "gunicorn without --bind",
            [command("gunicorn", wsgi)],
            [
                {
                    path,
                    found: "gunicorn without --bind: it listens where its configuration file says, or at 127.0.0.1:8000, which only the pod itself reaches",
                    allowed,
                    fix: option(2, "--bind=0.0.0.0:8000"),
                },
            ],
        ],
        [
            "a variable that is not there",
            [command("sh", "-c", `gunicorn ${wsgi} -b 0.0.0.0:$PORT`)],
            [
                {
                    path,
                    found: "gunicorn, which listens where the variable PORT says, and no such variable in apps[0].environment",
                    allowed,
                    fix: "pulumi config set --type string --path 'apps[0].environment.PORT' 8000",
                },
            ],
        ],
        ...[
            { what: "PORT beside an unknown program", changes: [command("/start")] },
            {
                what: "PORT beside an image that runs itself",
                changes: [
                    ["apps[0].contract", "init-run-async"],
                    ["apps[0].module", undefined],
                ] as Change[],
            },
        ].map(({ what, changes }): FindingCase => [
            what,
            [...changes, ["apps[0].environment", { PORT: "9999" }]] as Change[],
            [
                {
                    path: "apps[0].environment.PORT",
                    found: '"9999"',
                    allowed:
                        "8000, the port that probes and the Service go to (apps[0].web.port): many servers listen where PORT says",
                    fix: "pulumi config set --type string --path 'apps[0].environment.PORT' 8000",
                },
            ],
        ]),
        [
            "a port below 1024",
            [["apps[0].web.port", 80]],
            [
                {
                    path: "apps[0].web.port",
                    found: "80",
                    allowed:
                        "1024 or more: pods do not run as root, and nodes with containerd before 2.0 refuse them lower ports; the Service has port 80 anyway",
                    fix: "pulumi config set --path 'apps[0].web.port' 8000",
                },
            ],
        ],
    ],
    quiet,
);

const uvicorn = command("uvicorn", asgi, "--host", "0.0.0.0");
const idle = "nothing: the command alone decides it (apps[0].web.command)";
const remove = (name: string): string => `pulumi config rm --path 'apps[0].web.${name}'`;

refused(
    "a setting that a server's own command makes idle",
    [
        [
            "processes beside uvicorn",
            [uvicorn, ["apps[0].web.processes", 8]],
            [
                {
                    path: "apps[0].web.processes",
                    found: "8, beside a command of the app's own",
                    allowed: idle,
                    fix: `write --workers=8 into apps[0].web.command, and ${remove("processes")}`,
                },
            ],
        ],
        [
            "processes that are not those of gunicorn",
            [command("gunicorn", wsgi, "-b", ":8000", "-w", "4"), ["apps[0].web.processes", 8]],
            [
                {
                    path: "apps[0].web.processes",
                    found: "8, beside a command of the app's own",
                    allowed: idle,
                    fix: `write --workers=8 into apps[0].web.command, and ${remove("processes")}`,
                },
            ],
        ],
        [
            "threads beside daphne, which has none",
            [command("daphne", "-b", "0.0.0.0", asgi), ["apps[0].web.threads", 4]],
            [
                {
                    path: "apps[0].web.threads",
                    found: "4, beside a command of the app's own",
                    allowed: idle,
                    fix: remove("threads"),
                },
            ],
        ],
        [
            "a time-out beside uvicorn, which has none",
            [uvicorn, ["apps[0].web.timeoutSeconds", 20]],
            [
                {
                    path: "apps[0].web.timeoutSeconds",
                    found: "20, beside a command of the app's own",
                    allowed: idle,
                    fix: remove("timeoutSeconds"),
                },
            ],
        ],
    ],
    quiet,
);

told(
    "a setting beside a program that nobody knows",
    [
        [
            "processes",
            [command("/start"), ["apps[0].web.processes", 8]],
            [
                {
                    path: "apps[0].web.processes",
                    found: "8, beside a command of the app's own",
                    allowed: idle,
                    fix: remove("processes"),
                },
            ],
        ],
    ],
    quiet,
);

told(
    "settings that a command repeats",
    [
        [
            "gunicorn's",
            [
                command("gunicorn", wsgi, "-b", ":8000", "-w", "8", "--threads=4"),
                ["apps[0].web.processes", 8],
                ["apps[0].web.threads", 4],
            ],
            [],
        ],
        ["uvicorn's", [command("uvicorn", asgi, "--host", "::", "--workers=8"), ["apps[0].web.processes", 8]], []],
    ],
    quiet,
);

told(
    "arguments of gunicorn that the program's own override",
    [
        [
            "workers",
            [["apps[0].environment", { GUNICORN_CMD_ARGS: "--workers=8 --log-level debug" }]],
            [
                {
                    path: "apps[0].environment.GUNICORN_CMD_ARGS",
                    found: "--workers in it, which the program's own command line overrides",
                    allowed: "arguments that no setting stands for: this one is apps[0].web.processes",
                    fix: "take it out, and pulumi config set --path 'apps[0].web.processes' 8",
                },
            ],
        ],
    ],
    quiet,
);

told(
    "arguments of gunicorn that no setting stands for",
    [["a log level", [["apps[0].environment", { GUNICORN_CMD_ARGS: "--log-level debug --max-requests 500" }]], []]],
    quiet,
);

const gateway = (ports: object): Change[] => [["platform.gateway", { className: "traefik", ...ports }]];
const oneListener = "another port: one listener cannot answer HTTP and HTTPS";

refused(
    "one port of the Gateway for HTTP and HTTPS",
    [
        [
            "where it listens",
            gateway({ httpPort: 8000, httpsPort: 8000 }),
            [
                {
                    path: "platform.gateway.httpsPort",
                    found: "8000, as platform.gateway.httpPort",
                    allowed: oneListener,
                    fix: "pulumi config set --path 'platform.gateway.httpsPort' 8443",
                },
            ],
        ],
        [
            "the default of the other",
            gateway({ httpPort: 443 }),
            [
                {
                    path: "platform.gateway.httpsPort",
                    found: "443, as platform.gateway.httpPort",
                    allowed: oneListener,
                    fix: "pulumi config set --path 'platform.gateway.httpsPort' 8443",
                },
            ],
        ],
        [
            "8443",
            gateway({ httpPort: 8443, httpsPort: 8443 }),
            [
                {
                    path: "platform.gateway.httpsPort",
                    found: "8443, as platform.gateway.httpPort",
                    allowed: oneListener,
                    fix: "pulumi config set --path 'platform.gateway.httpPort' 80",
                },
            ],
        ],
        [
            "where clients come in",
            gateway({ httpPort: 8000, httpsPort: 8443, publicHttpPort: 443, publicHttpsPort: 443 }),
            [
                {
                    path: "platform.gateway.publicHttpsPort",
                    found: "443, as platform.gateway.publicHttpPort",
                    allowed: oneListener,
                    fix: "pulumi config set --path 'platform.gateway.publicHttpPort' 80",
                },
            ],
        ],
    ],
    quiet,
);

told("two ports of the Gateway", [["Traefik's", gateway({ httpPort: 8000, httpsPort: 8443 }), []]], quiet);
