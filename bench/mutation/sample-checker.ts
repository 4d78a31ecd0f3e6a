// A plugin of StrykerJS: of a sample (bench/mutation/sample.ts), the mutants that are not in it are not tested.
import { readFile } from "node:fs/promises";
import { CheckStatus, type Checker, type CheckResult } from "@stryker-mutator/api/check";
import type { Mutant } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { keyOf } from "./sample.ts";

/** By which the results are told from mutants that cannot be built. */
export const notInSample = "not in the sample";

class SampleChecker implements Checker {
    private sample: ReadonlySet<string> = new Set();

    async init(): Promise<void> {
        this.sample = new Set(JSON.parse(await readFile(process.env["MUTATION_SAMPLE"]!, "utf8")) as string[]);
    }

    check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
        return Promise.resolve(
            Object.fromEntries(
                mutants.map((mutant) => [
                    mutant.id,
                    this.sample.has(keyOf(mutant))
                        ? { status: CheckStatus.Passed }
                        : { status: CheckStatus.CompileError, reason: notInSample },
                ]),
            ),
        );
    }

    /** All at once: nothing is built. */
    group(mutants: Mutant[]): Promise<string[][]> {
        return Promise.resolve([mutants.map(({ id }) => id)]);
    }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, "sample", SampleChecker)];
