// What the command does not do: wrong words, or a stack that is not a pull request's.

export class Refusal extends Error {
    /** @param where the option, file or stack it is about */
    constructor(where: string, found: string, allowed: string, fix: string) {
        super(`${where}: found ${found}; allowed: ${allowed}; fix: ${fix}`);
        this.name = "Refusal";
    }
}
