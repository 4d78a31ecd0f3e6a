// Tells of each problem where it stands in the stack's file.
import * as pulumi from "@pulumi/pulumi";
import { SettingsError, type Problem } from "./problems.ts";
import type { StackContents } from "./stack-file/contents.ts";
import { readOwnFile, stackFileName } from "./stack-file/read.ts";

/** The file of the stack that runs; undefined when its settings came from elsewhere. */
export function ownFile(): StackContents | undefined {
    return readOwnFile(pulumi.getRootDirectory(), pulumi.getStack(), pulumi.getProject(), pulumi.runtime.allConfig());
}

/** @param contents of the file that the problems are of */
export function placed(problems: readonly Problem[], contents: StackContents | undefined): Problem[] {
    return problems.map((problem) => {
        const place = problem.place ?? contents?.placeOf(problem.path);
        return place === undefined ? problem : { ...problem, place };
    });
}

/**
 * Runs the program; a SettingsError that comes out of it says where.
 *
 * @throws what the program throws
 */
export async function withPlaces<Result>(program: () => Promise<Result>): Promise<Result> {
    try {
        return await program();
    } catch (error) {
        if (error instanceof SettingsError && error.file === stackFileName(pulumi.getStack())) {
            throw new SettingsError(error.file, placed(error.problems, ownFile()));
        }
        throw error;
    }
}
