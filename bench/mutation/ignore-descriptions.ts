// A plugin of StrykerJS: texts for docs are no behaviour, so they are not mutated. Those of errors are: people act on them.
import type { Ignorer } from "@stryker-mutator/api/ignore";
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** What of Babel's is read here: StrykerJS leaves it out of its typings. */
interface Path {
    readonly node: Node;
    readonly parentPath?: Path;
}

interface Node {
    readonly type: string;
    readonly callee?: Node;
    readonly property?: Node;
    readonly name?: string;
    readonly arguments?: readonly Node[];
}

/** zod's, by which docs are written. */
const describing = ["meta", "describe"];

const ignorer: Ignorer = {
    shouldIgnore(path) {
        const { node, parentPath } = path as Path;
        const call = parentPath?.node;
        const method = call?.callee?.property?.name;
        const describes =
            method !== undefined && describing.includes(method) && call?.arguments?.includes(node) === true;
        return describes ? "a text for docs" : undefined;
    },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "descriptions", ignorer)];
