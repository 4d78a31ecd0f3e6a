// Files at paths that something else has. Does not prove what an image has at a path: only what every image has.
import { quiet, refused, told, type FindingCase } from "../../../support/findings.ts";
import type { Change } from "../../../support/settings.ts";

const allowed = (name: string): string =>
    `a path of the file's own, which is neither a folder nor a program of the image, for example /etc/app/${name}`;

const move = (path: string, name: string, section = "apps[0].files", option = ""): string =>
    `pulumi config rm --path '${section}["${path}"]' && pulumi config set ${option}--path '${section}["/etc/app/${name}"]' < FILE`;

const nameOf = (path: string): string => path.split("/").at(-1)!;

const hosts = "Kubernetes writes this file into every pod: names would not be found any more";
const kernel = "the kernel's, and no folder of files";
const program = "where the image's programs are; a mounted file cannot be executed";
const folder = "a folder of every image: a file in its place is refused by the container's runtime";
const tokens = "where Kubernetes and clouds put a pod's own tokens";
const python = "a folder of Python's in the image: a file in its place is refused by the container's runtime";
const library = "a library of the image, which a text cannot be";
const certificates = "where the certificates of the stores are mounted";

refused(
    "a path that is taken",
    [
        ["/tmp", "the folder that pods may write to is mounted there"],
        ["/etc/hosts", hosts],
        ["/etc/hostname", hosts],
        ["/etc/resolv.conf", hosts],
        ["/dev/null", kernel],
        ["/dev/shm", kernel],
        ["/proc/x", kernel],
        ["/proc", kernel],
        ["/sys/kernel/x", kernel],
        ["/var/run/secrets/kubernetes.io/serviceaccount/token", tokens],
        ["/run/secrets/eks.amazonaws.com/token", tokens],
        ["/etc/django-on-kubernetes/certificates/database.pem", certificates],
        ["/bin", program],
        ["/bin/sh", program],
        ["/usr/bin/python", program],
        ["/usr/local/bin/gunicorn", program],
        ["/lib", folder],
        ["/etc", folder],
        ["/usr/local/lib", folder],
        ["/var/log", folder],
        ["/root", folder],
        ["/usr/local/lib/python3.13", python],
        ["/usr/local/lib/python3.13/site-packages", python],
        ["/lib/x86_64-linux-gnu/libc.so.6", library],
        [
            "/etc/ld.so.preload",
            "every program would load what it names, and start with an error where that is not there",
        ],
    ].map(([path, reason]): FindingCase => [
        path!,
        [["apps[0].files", { [path!]: "text" }]] as Change[],
        [
            {
                path: `apps[0].files["${path}"]`,
                found: `"${path}": ${reason}`,
                allowed: allowed(nameOf(path!)),
                fix: move(path!, nameOf(path!)),
            },
        ],
    ]),
    quiet,
);

const volume: Change = ["assets.files", { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany" }];

refused(
    "a path that something of the app has",
    [
        [
            "a secret file over a file of Kubernetes's",
            [["secrets.files", { "/etc/hosts": "hunter2" }]],
            [
                {
                    path: 'secrets.files["/etc/hosts"]',
                    found: `"/etc/hosts": ${hosts}`,
                    allowed: allowed("hosts"),
                    fix: move("/etc/hosts", "hosts", "secrets.files", "--secret "),
                },
            ],
        ],
        [
            "a file in what is a file",
            [["apps[0].files", { "/etc/a": "1", "/etc/a/b": "2" }]],
            [
                {
                    path: 'apps[0].files["/etc/a/b"]',
                    found: '"/etc/a/b", in a folder that is a file too: /etc/a',
                    allowed: allowed("b"),
                    fix: move("/etc/a/b", "b"),
                },
            ],
        ],
        [
            "a file in what is a secret file",
            [
                ["apps[0].files", { "/etc/a/b/c": "1" }],
                ["secrets.files", { "/etc/a": "2" }],
            ],
            [
                {
                    path: 'apps[0].files["/etc/a/b/c"]',
                    found: '"/etc/a/b/c", in a folder that is a file too: /etc/a',
                    allowed: allowed("c"),
                    fix: move("/etc/a/b/c", "c"),
                },
            ],
        ],
        [
            "a file in the volume of static files",
            [volume, ["apps[0].files", { "/srv/static/robots.txt": "1" }]],
            [
                {
                    path: 'apps[0].files["/srv/static/robots.txt"]',
                    found: '"/srv/static/robots.txt": the volume of static files is mounted there',
                    allowed: allowed("robots.txt"),
                    fix: move("/srv/static/robots.txt", "robots.txt"),
                },
            ],
        ],
        ...["/init", "/run", "/async"].map((path): FindingCase => [
            `${path} of an image that runs itself`,
            [
                ["apps[0].contract", "init-run-async"],
                ["apps[0].module", undefined],
                ["apps[0].files", { [path]: "1" }],
            ] as Change[],
            [
                {
                    path: `apps[0].files["${path}"]`,
                    found: `"${path}": the image's own program, which runs the app`,
                    allowed: allowed(path.slice(1)),
                    fix: move(path, path.slice(1)),
                },
            ],
        ]),
    ],
    quiet,
);

told(
    "a path of the file's own",
    [
        "/etc/newrelic.ini",
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/hosts.allow",
        "/tmp/.config/settings.toml",
        "/root/.netrc",
        "/run/secrets/licence",
        "/usr/lib/ssl/openssl.cnf",
        "/usr/local/lib/python3.13/site-packages/sitecustomize.py",
        "/opt/venv/lib/native.so.json",
        "/app/.env",
        "/srv/static/robots.txt",
        "/init",
    ].map((path): FindingCase => [path, [["apps[0].files", { [path]: "text" }]] as Change[], []]),
    quiet,
);

told(
    "files side by side",
    [
        ["of one beginning", [["apps[0].files", { "/etc/a": "1", "/etc/a.d": "2", "/etc/ab/c": "3" }]], []],
        [
            "plain and secret in one folder",
            [
                ["apps[0].files", { "/etc/shop/a": "1" }],
                ["secrets.files", { "/etc/shop/b": "2" }],
            ],
            [],
        ],
    ],
    quiet,
);
