// What is read of an app's folder before its image is made, and what is said when its packages do not fit. Not proved: that an
// image runs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { declaredBy } from "../images/app/declared.ts";
import { appFiles } from "../images/app/files.ts";
import { imageName } from "../images/app/image.ts";
import { djangoProject, readsLikeDevelopment } from "../images/app/project.ts";
import { buildRoot, lockOf, pythonRoot, pythonVersion } from "../images/python.ts";
import { refuseBareWheels, refuseUnlinked } from "../images/libraries.ts";
import { explainBuild, explainResolution, lacksWheels } from "../images/uv-errors.ts";
import { pipInUvWords } from "../images/uv.ts";

let folder = "";
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "images-app-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
    }
}

describe("the declared packages", () => {
    test("are those of requirements.txt, and of the files that it names", async () => {
        write({
            "requirements.txt": "-r requirements/base.txt\n-c https://example.org/c.txt\nDjango\n",
            "requirements/base.txt": "--constraint=limits.txt\n",
            "requirements/limits.txt": "Django<7\n-r base.txt\n",
        });
        const { kind, files } = await declaredBy(folder);
        expect(kind).toBe("requirements");
        expect(files.map(({ inside }) => inside)).toEqual([
            "/app/requirements.txt",
            "/app/requirements/base.txt",
            "/app/requirements/limits.txt",
        ]);
    });

    test("are the lock of uv rather than the ranges beside it", async () => {
        write({ "uv.lock": "", "requirements.txt": "", "pyproject.toml": '[project]\nrequires-python = ">=3.12"\n' });
        const { kind, requiresPython } = await declaredBy(folder);
        expect({ kind, requiresPython }).toEqual({ kind: "uv.lock", requiresPython: ">=3.12" });
    });

    test("are the ranges of pyproject.toml, and a lock of Poetry is said to be passed over", async () => {
        write({ "poetry.lock": "", "pyproject.toml": '[project]\ndependencies = ["django"]\n' });
        const { kind, notices } = await declaredBy(folder);
        expect(kind).toBe("pyproject");
        expect(notices.join()).toContain("poetry export --output requirements.txt");
    });

    test("may be in a named file outside of the folder", async () => {
        write({ "../images-app-named.txt": "django\n" });
        const { files } = await declaredBy(folder, "../images-app-named.txt");
        expect(files[0].inside).toBe("/images-app-named.txt");
        rmSync(join(folder, "../images-app-named.txt"));
    });

    test.each([
        [
            { "requirements/production.txt": "", "requirements-dev.txt": "" },
            "REQUIREMENTS=requirements-dev.txt, REQUIREMENTS=requirements/production.txt",
        ],
        [{ "pyproject.toml": "[tool.poetry]\n" }, "poetry export --output requirements.txt"],
        [{ Pipfile: "" }, "pipenv requirements > requirements.txt"],
        [{ "setup.cfg": "" }, "Write requirements.txt, or name another file"],
        [{ "pyproject.toml": "[project\n" }, "pyproject.toml cannot be read"],
        [{ "requirements.txt": "-r base.txt" }, "requirements.txt names"],
    ])("are missed with what to do: %o", async (files, said) => {
        write(files);
        await expect(declaredBy(folder)).rejects.toThrow(said);
    });
});

describe("the files", () => {
    test("are all but what no image needs", async () => {
        write({
            "manage.py": "",
            ".env": "KEY=1",
            "shop/.env.local": "",
            ".venv/x": "",
            "shop/__pycache__/a.pyc": "",
            "db.sqlite3": "",
        });
        const { paths, ownIgnoreFile } = await appFiles(folder);
        expect(ownIgnoreFile).toBe(false);
        expect(paths).toEqual(["manage.py", "shop"]);
    });

    test("are those that .dockerignore leaves, exceptions too", async () => {
        write({
            ".dockerignore": "media\n!media/logo.svg\n**/*.md\n",
            "media/a.jpg": "",
            "media/logo.svg": "",
            "docs/x.md": "",
            "a.py": "",
        });
        const { paths, ownIgnoreFile } = await appFiles(folder);
        expect(ownIgnoreFile).toBe(true);
        expect(paths).toEqual([".dockerignore", "a.py", "docs", "media/logo.svg"]);
    });
});

describe("the project", () => {
    const manage = (settings: string) => `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "${settings}")`;

    test("says its package, its settings and those beside them", async () => {
        write({ "manage.py": manage("shop.settings.dev"), "shop/wsgi.py": "", "shop/celery.py": "" });
        const paths = [
            "manage.py",
            "shop/celery.py",
            "shop/settings/__init__.py",
            "shop/settings/dev.py",
            "shop/settings/production.py",
            "shop/urls.py",
            "shop/wsgi.py",
        ];
        expect(await djangoProject(folder, paths)).toEqual({
            manage: true,
            module: "shop",
            settings: "shop.settings.dev",
            otherSettings: ["shop.settings.production"],
            celery: true,
            readsContract: false,
            answersProbes: false,
            notices: [],
        });
    });

    test("takes no neighbour of settings.py for settings, and notices what it reads and answers", async () => {
        write({
            "manage.py": manage("shop.settings"),
            "shop/settings.py": 'os.environ["DJANGO_APP_DB_HOST"]',
            "shop/urls.py": '"healthz/live"',
        });
        const paths = ["manage.py", "shop/settings.py", "shop/settings_test.py", "shop/urls.py"];
        const { otherSettings, readsContract, answersProbes } = await djangoProject(folder, paths);
        expect({ otherSettings, readsContract, answersProbes }).toEqual({
            otherSettings: ["shop.settings_test"],
            readsContract: true,
            answersProbes: true,
        });
    });

    const reader = 'def env(name): return os.environ.get("DJANGO_APP_" + name)\n';
    test.each([
        [
            "contract",
            {
                "settings.py": `${reader}MEDIA_ROOT = env("MEDIA_ROOT")\n`,
                "base.py": "MEDIA_ROOT = BASE_DIR / 'media'\n",
            },
        ],
        ["contract", { "settings.py": "MEDIA_ROOT = os.environ['DJANGO_APP_MEDIA_ROOT']\n" }],
        ["folder", { "settings.py": reader, "base.py": 'MEDIA_ROOT = BASE_DIR / "media"\n' }],
        ["folder", { "settings.py": `${reader}MEDIA_ROOT = "/data"\nx = getattr(settings, "MEDIA_ROOT")\n` }],
        [undefined, { "settings.py": `${reader}MEDIA_ROOT = "media"\nBUCKET = env("MEDIA_BUCKET")\n` }],
        [undefined, { "settings.py": reader }],
    ])("has uploaded files in: %s, %j", async (where, files) => {
        write(files);
        expect((await djangoProject(folder, Object.keys(files))).uploads).toBe(where);
    });

    test("is looked for where it is", async () => {
        const { manage, notices } = await djangoProject(folder, ["src/manage.py", "a/wsgi.py", "b/wsgi.py"]);
        expect(manage).toBe(false);
        expect(notices).toEqual([
            "manage.py is in src: name that folder instead, with REQUIREMENTS relative to it.",
            "Several packages have a wsgi.py: a, b. Name the project's as apps[].module.",
        ]);
    });

    test.each(["shop.settings.dev", "shop.settings.local", "config.development", "shop.settings_dev"])(
        "%s reads like development",
        (name) => {
            expect(readsLikeDevelopment(name)).toBe(true);
        },
    );

    test.each(["shop.settings", "shop.settings.production", "developers.settings"])("%s does not", (name) => {
        expect(readsLikeDevelopment(name)).toBe(false);
    });
});

describe("names and versions", () => {
    test("a folder's name becomes an image's", () => {
        expect(imageName("My Shop (2)")).toBe("my-shop-2");
        expect(() => imageName("...")).toThrow("NAME=shop");
    });

    test("a Python that no Debian has is refused with those that there are", () => {
        expect(pythonVersion("3.13")).toBe("3.13");
        expect(() => pythonVersion("3.12")).toThrow('PYTHON is "3.12". Allowed: 3.13, 3.11');
    });

    test("the same packages in another order are the same root", () => {
        expect(pythonRoot("3.13", ["libpq5", "gettext"])).toEqual(pythonRoot("3.13", ["gettext", "libpq5"]));
        expect(buildRoot("3.11", ["libpq5"], ["build-essential"])).toMatchObject({
            release: "bookworm",
            packages: [
                "python3",
                "ca-certificates",
                "tzdata",
                "libstdc++6",
                "build-essential",
                "libpq5",
                "python3-dev",
            ],
        });
    });

    test("what wheels expect of the system is named with Debian's packages; what is optional to one is not", () => {
        const said = "/opt/venv/lib/python3.13/site-packages/cv2/cv2.abi3.so";
        expect(() => {
            refuseBareWheels(
                new Map([
                    ["libGL.so.1", said],
                    ["libgthread-2.0.so.0", said],
                    ["libcuda.so.1", said],
                ]),
            );
        }).toThrow(
            "Python packages need libraries of the system that the image lacks:\n" +
                "  libGL.so.1, for cv2/cv2.abi3.so\n  libgthread-2.0.so.0, for cv2/cv2.abi3.so\n" +
                'Name the Debian packages that bring them: PACKAGES="libgl1 libglib2.0-0"',
        );
        expect(() => {
            refuseBareWheels(new Map([["libcuda.so.1", said]]));
        }).not.toThrow();
    });

    test("what was compiled for the image lacks nothing that it was linked to", () => {
        const missing = new Map([["libpq.so.5", "/opt/venv/lib/python3.13/site-packages/psycopg2/_psycopg.so"]]);
        expect(() => {
            refuseUnlinked(missing);
        }).toThrow("  libpq.so.5, for psycopg2/_psycopg.so");
        expect(() => {
            refuseUnlinked(new Map());
        }).not.toThrow();
    });

    test("a lock is read for its versions, and for code of the folder's own", () => {
        expect(lockOf("django==6.1.3\nDjango_Filter==26.2\n").versions).toEqual(
            new Map([
                ["django", "6.1.3"],
                ["django-filter", "26.2"],
            ]),
        );
        expect(lockOf("django==6.1.3\n").local).toBe(false);
        expect(lockOf("-e file:///app\n").local).toBe(true);
        expect(lockOf("shop @ file:///app/shop\n").local).toBe(true);
    });

    test("pip's index is told to uv in uv's words", () => {
        const listed =
            ":env:.index-url='https://pypi.example.org/simple'\nglobal.extra-index-url='https://a https://b'\nglobal.cert='/x'";
        expect(pipInUvWords(listed)).toEqual({
            UV_DEFAULT_INDEX: "https://pypi.example.org/simple",
            UV_INDEX: "https://a https://b",
        });
    });
});

describe("uv's errors", () => {
    const conflict = `error: No solution found when resolving dependencies
  cause: Because wagtail<=5.2.8 depends on django<5.1
         And because you require django>=6 and wagtail<6, we can conclude that your requirements are unsatisfiable.

hint: Wheels are required for \`wagtail\` because building from source is disabled for all packages (i.e., with \`--no-build\`)`;

    test("keep the conclusion, with the file and the fix", () => {
        const said = explainResolution(conflict, { file: "/shop/requirements.txt", python: "3.13" });
        expect(said).toContain("/shop/requirements.txt: the packages cannot be resolved for Python 3.13");
        expect(said).toContain("you require django>=6 and wagtail<6");
        expect(said).not.toContain("Wheels are required");
        expect(said).toContain("Change the versions");
        // Of old releases only.
        expect(
            lacksWheels(
                conflict.replace(
                    "Because wagtail<=5.2.8",
                    "Because wagtail==1.0b1 has no usable wheels and wagtail<=5.2.8",
                ),
            ),
        ).toBe(false);
    });

    test.each([
        ["Because all versions of psycopg2 have no usable wheels and you require psycopg2", true],
        ["Because numpy==1.21.0 has no usable wheels and you require numpy==1.21.0", true],
        ["Because borgbackup==1.4.5 has no usable wheels and weblate>=2026.8 depends on borgbackup==1.4.5", true],
        ["Because wagtail==1.0b1 has no usable wheels and wagtail>=1.0b2,<=1.2 depends on django>=1.7.1", false],
        ["Because a==1 has no usable wheels and b depends on a-b==1", false],
    ])("tell whether a wheel is what is missing: %s", (said, missing) => {
        expect(lacksWheels(said)).toBe(missing);
    });

    test("ask about a name that nobody knows", () => {
        const said =
            "error: No solution found\n  cause: Because djagno was not found in the package registry and you require djagno";
        expect(explainResolution(said, { file: "r.txt", python: "3.13" })).toContain("Is djagno spelled right?");
        expect(lacksWheels(said)).toBe(false);
    });

    test("name what a build needs, and the wheel instead", () => {
        const said =
            "error: Failed to build `psycopg2==2.9.13`\n  Error: pg_config executable not found.\nhint: Build failures usually indicate a problem";
        const told = explainBuild(said, false);
        expect(told).toContain("psycopg2 2.9.13 has no wheel");
        expect(told).toContain(
            'BUILD_PACKAGES="build-essential libpq-dev" PACKAGES="libpq5"; or require psycopg2-binary',
        );
        expect(told).not.toContain("usually indicate");
    });

    test("of a package that nobody here knows ask for a compiler first, then for what the lines say", () => {
        const said = "error: Failed to build `odd==1.0`\n  fatal error: odd.h: No such file";
        expect(explainBuild(said, false)).toContain('BUILD_PACKAGES="build-essential"');
        expect(explainBuild(said, true)).toContain("that the lines above ask for");
    });
});
