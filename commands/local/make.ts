// How a person asks for a stack.
import { defaultStack } from "./stack.ts";

/** `make up STACK=shop`; the default stack goes without saying. */
export function makeWith(target: string, stack: string): string {
    return stack === defaultStack ? `make ${target}` : `make ${target} STACK=${stack}`;
}
