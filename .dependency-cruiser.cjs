// The arrows between the folders: index -> settings, stacks -> components -> lib. Each is proved by test/unit/arrows.test.ts.

/** Every folder and file of ours that something may be imported from. */
const ours = "^(index\\.ts$|(settings|stacks|components|lib|policy|commands|lab|test|bench)/)";

/** The parts that `pulumi up` runs. */
const program = "^(index\\.ts$|(settings|stacks|components|lib)/)";

/**
 * Parts of components, no components themselves: several are built with them. pgBackRest stands beside the server that it copies, in the
 * server's own pod, and beside the one of a drill.
 */
const buildingBlocks = "backups/pgbackrest|bucket|password|pod-identity|network|redis|volume";

/** A folder or file of such a name belongs to that cloud alone. */
const cloud = "(aws|gcp|digitalocean)";
const ofCloud = `^(?:settings|stacks|components)/.*\\b${cloud}[/.-]`;

/** From these folders, of ours only those may be imported. */
function only(name, comment, from, allowed) {
    return { name, comment, severity: "error", from: { path: from }, to: { path: ours, pathNot: allowed } };
}

module.exports = {
    forbidden: [
        only("index-to-settings-and-stacks", "index.ts only chooses.", "^index\\.ts$", "^(settings|stacks)/"),
        only(
            "stacks-arrow",
            "A stack composes components from settings.",
            "^stacks/",
            "^(stacks|settings|components|lib)/",
        ),
        only(
            "components-arrow",
            "A component is told what to do: it reads no settings and knows no stack.",
            "^components/",
            "^(components|lib)/",
        ),
        only(
            "settings-arrow",
            "Settings are read by others and know only pure functions.",
            "^settings/",
            "^(settings|lib)/",
        ),
        only("lib-arrow", "A pure function knows nothing of this project.", "^lib/", "^lib/"),
        only("policy-arrow", "A rule reads a plan or a preview, whatever made it.", "^policy/", "^(policy|lib)/"),
        only(
            "commands-arrow",
            "A command uses the program, never a test; of lab/ only what `make up` asks for.",
            "^commands/(?!local/lab\\.ts$)",
            "^(?!lab/|test/|bench/)",
        ),
        only(
            "lab-asked-for-in-one-place",
            "The one way into lab/ is its index.",
            "^commands/local/lab\\.ts$",
            "^lab/index\\.ts$",
        ),
        only(
            "lab-arrow",
            "The lab proves the program; of commands/ it uses what runs and plans it, and of tests nothing.",
            "^lab/(?!test/)",
            "^(?!test/|bench/)",
        ),
        {
            name: "components-by-contract",
            comment:
                "A component knows another by its contract.ts only, so that a new variant of one changes no other. " +
                `The building blocks (${buildingBlocks}), components/answered.ts, components/contract.ts and components/variants.ts are for all.`,
            severity: "error",
            from: { path: "^components/([^/]+)/" },
            to: {
                path: "^components/",
                pathNot: `^components/($1|${buildingBlocks})/|^components/(answered|contract|variants)\\.ts$|^components/[^/]+/contract\\.ts$`,
            },
        },
        {
            name: "django-knows-no-engine",
            comment: "To the app a cache or a broker is an address: what speaks at it is not its concern.",
            severity: "error",
            from: { path: "^components/django/" },
            to: { path: "^components/redis/" },
        },
        {
            name: "building-blocks-below-components",
            comment: "A building block knows no component, not even its contract; pgBackRest knows what backups are.",
            severity: "error",
            from: { path: `^components/(${buildingBlocks})/` },
            to: {
                path: "^components/",
                pathNot: `^components/(${buildingBlocks})/|^components/(backups/)?contract\\.ts$`,
            },
        },
        {
            name: "lib-has-types-only",
            comment:
                "Pure: of the packages, lib/ takes types of @pulumi/kubernetes, and functions of deepmerge-ts, which are pure too.",
            severity: "error",
            from: { path: "^lib/" },
            to: {
                pathNot: "node_modules/deepmerge-ts/",
                dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"],
                dependencyTypesNot: ["type-only"],
            },
        },
        {
            name: "lib-knows-kubernetes-types-alone",
            comment: "Types of another package in lib/ would tie pure functions to it.",
            severity: "error",
            from: { path: "^lib/" },
            to: { path: "node_modules/", pathNot: "node_modules/(@pulumi/kubernetes/types|deepmerge-ts)/" },
        },
        {
            name: "settings-create-nothing",
            comment: "A provider's package in settings/ could make resources; @pulumi/pulumi reads the configuration.",
            severity: "error",
            from: { path: "^settings/" },
            to: { path: "node_modules/", pathNot: "node_modules/(zod|yaml|@pulumi/pulumi)/" },
        },
        {
            name: "clouds-apart",
            comment: "What is true of one cloud is no reason for another; shared code is pure and in lib/.",
            severity: "error",
            from: { path: ofCloud },
            to: { path: ofCloud, pathNot: "^(?:settings|stacks|components)/.*\\b$1[/.-]" },
        },
        {
            name: "cloud-sdk-in-its-cloud",
            comment:
                "Only the cloud that a stack uses is loaded: its package is imported below its own folder or file.",
            severity: "error",
            from: { path: program, pathNot: ofCloud },
            to: { path: `node_modules/@pulumi/${cloud}/` },
        },
        {
            name: "cloud-sdk-of-the-same-cloud",
            comment: "As above, for the folders of clouds.",
            severity: "error",
            from: { path: ofCloud },
            to: { path: `node_modules/@pulumi/${cloud}/`, pathNot: "node_modules/@pulumi/$1/" },
        },
        {
            name: "program-without-development-packages",
            comment: "`pulumi up`, plan and gate work after `npm ci --omit=dev`.",
            severity: "error",
            from: { path: `${program}|^(policy|commands)/` },
            to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
        },
        {
            name: "no-cycle",
            comment: "Two files that need each other are one concern, or hide a third.",
            severity: "error",
            from: {},
            to: { circular: true },
        },
        {
            name: "no-dead-module",
            comment: "`pulumi up` never loads it; lib/ may be ahead of what uses it.",
            severity: "error",
            from: { path: "^index\\.ts$" },
            to: { path: "^(settings|stacks|components)/", reachable: false },
        },
        {
            name: "no-orphan",
            comment: "Nobody imports it and it imports nobody.",
            severity: "error",
            // vitest.config.ts names the last one.
            from: { orphan: true, pathNot: "\\.d\\.ts$|^test/.*fixtures/|^test/support/stack-traces\\.ts$" },
            to: {},
        },
        {
            name: "no-unresolvable",
            comment: "The file or package is not there.",
            severity: "error",
            from: {},
            to: { couldNotResolve: true },
        },
    ],
    options: {
        doNotFollow: { path: "node_modules" },
        // Type imports are arrows too.
        tsPreCompilationDeps: true,
        tsConfig: { fileName: "tsconfig.json" },
        enhancedResolveOptions: {
            exportsFields: ["exports"],
            conditionNames: ["import", "node", "require", "default", "types"],
            mainFields: ["main", "types"],
        },
    },
};
