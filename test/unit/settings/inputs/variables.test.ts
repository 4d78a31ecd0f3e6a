// Variables that decide whether programs start. Does not prove that they do.
import { expect, test } from "vitest";
import { quiet, refused, told } from "../../../support/findings.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const allowed = "variables that the image's own programs do not depend on";
const variable = (name: string, value: string): Change[] => [["apps[0].environment", { [name]: value }]];
const remove = (name: string): string => `pulumi config rm --path 'apps[0].environment.${name}'`;

const path =
    "it replaces the image's own, by which python, gunicorn and celery are found: nothing is put for $PATH in it";
const pathInstead =
    "write it into the image (ENV PATH in its Dockerfile), or name programs with their folder in the commands";
const preload = "every program of the image loads it first";
const preloadInstead = "name a library with its folder, for example /usr/lib/x86_64-linux-gnu/libjemalloc.so.2";
const kubernetes = "Kubernetes sets it in every container, and its clients read it";
const otherwise = "name the variable otherwise";

refused(
    "a variable that breaks every pod",
    [
        ["PATH", "/venv/bin:$PATH", path, pathInstead],
        ["LD_PRELOAD", "libfast.so", preload, preloadInstead],
        ["LD_PRELOAD", "", preload, preloadInstead],
        ["LD_AUDIT", "audit", preload, preloadInstead],
        [
            "LD_LIBRARY_PATH",
            "lib:/opt/lib",
            "programs look for their libraries there first, and an entry that is empty or relative is the working folder",
            "name folders that begin with a slash, with colons between them",
        ],
        [
            "PYTHONHOME",
            "/app",
            "Python looks for its own library there and does not start without it",
            "for more modules set PYTHONPATH",
        ],
        ["KUBERNETES_SERVICE_HOST", "kubernetes", kubernetes, otherwise],
        ["KUBERNETES_SERVICE_PORT", "443", kubernetes, otherwise],
        ["KUBERNETES_PORT", "tcp://10.0.0.1:443", kubernetes, otherwise],
        ["KUBERNETES_PORT_443_TCP_ADDR", "10.0.0.1", kubernetes, otherwise],
    ].map(([name, value, reason, instead]) => [
        `${name}=${value}`,
        variable(name!, value!),
        [
            {
                path: `apps[0].environment.${name}`,
                found: `${name}: ${reason}`,
                allowed,
                fix: `${remove(name!)}; ${instead}`,
            },
        ],
    ]),
    quiet,
);

test("a secret one, of which nothing is shown", () => {
    const problems = problemsAfter(["secrets.environment", { PATH: "hunter2" }]);
    expect(problems).toEqual([
        {
            path: "secrets.environment.PATH",
            found: `PATH: ${path}`,
            allowed,
            fix: `pulumi config rm --path 'secrets.environment.PATH'; ${pathInstead}`,
        },
    ]);
});

told(
    "a variable whose effect surprises",
    [
        ["LD_PRELOAD", "/opt/faketime/libfaketime.so.1", preload, preloadInstead],
        ["HOSTNAME", "shop", "it is the pod's own name, and all pods would have the same", otherwise],
    ].map(([name, value, reason, instead]) => [
        `${name}=${value}`,
        variable(name!, value!),
        [
            {
                path: `apps[0].environment.${name}`,
                found: `${name}: ${reason}`,
                allowed,
                fix: `${remove(name!)}; ${instead}`,
            },
        ],
    ]),
    quiet,
);

told(
    "a variable that is the owner's",
    [
        ["LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"],
        ["LD_LIBRARY_PATH", "/opt/oracle/lib:/opt/lib"],
        ["PYTHONPATH", "/app"],
        ["KUBERNETES_NAMESPACE", "shop"],
        // Pods are told no Services by variables (enableServiceLinks), so these are nobody's.
        ["DATABASE_SERVICE_HOST", "database"],
        ["DATABASE_PORT", "5432"],
        ["DJANGO_SETTINGS_MODULE", "shop.settings"],
        ["TZ", "Europe/Berlin"],
    ].map(([name, value]) => [`${name}=${value}`, variable(name!, value!), []]),
    quiet,
);
